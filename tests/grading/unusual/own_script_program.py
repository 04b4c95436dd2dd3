"""TVMScript with other names for loops, block axes and buffers."""
# expects: axis=2 double=4 scale=3 split=3
# %% scale-answer
import tvm
from tvm.script import ir as I
from tvm.script import tirx as T

@I.ir_module
class scale:
    @T.prim_func(s_tir=True)
    def main(source: T.Buffer((60,), "float32"), target: T.Buffer((60,), "float32")):
        for counter in T.serial(60):
            with T.sblock("anything"):
                place = T.axis.spatial(60, counter)
                target[place] = source[place] + source[place]
# %% split-answer
import tvm
from tvm import te

A = te.placeholder((60,), "float32", name="A")
sch = tvm.s_tir.Schedule(te.create_prim_func([A, te.compute((60,), lambda i: A[i] * 2.0, name="B")]))
sch.split(sch.get_loops("B")[0], [15, 4])
