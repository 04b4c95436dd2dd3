"""A single function in place of a module, under another name."""
# expects: axis=2 double=4 scale=3 split=3
# %% scale-answer
import tvm
from tvm.script import tirx as T

@T.prim_func(s_tir=True)
def whatever(X: T.Buffer((60,), "float32"), Y: T.Buffer((60,), "float32")):
    for i in range(60):
        with T.sblock("Y"):
            v = T.axis.spatial(60, i)
            Y[v] = T.float32(2) * X[v]

scale = whatever
# %% split-answer
import tvm

sch = tvm.s_tir.Schedule(tvm.IRModule({"main": whatever.with_attr("global_symbol", "main")}))
sch = None
from tvm import te
A = te.placeholder((60,), "float32", name="A")
sch = tvm.s_tir.Schedule(te.create_prim_func([A, te.compute((60,), lambda i: A[i] * 2.0, name="B")]))
sch.split(sch.get_loops("B")[0], [None, 4])
