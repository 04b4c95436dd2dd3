"""A module that was scheduled: parallel, vectorised, split, with annotations."""
# expects: axis=2 double=4 scale=3 split=3
# %% scale-answer
import tvm
from tvm import te

A = te.placeholder((60,), "float32", name="A")
first = tvm.s_tir.Schedule(te.create_prim_func([A, te.compute((60,), lambda i: A[i] * 2.0, name="B")]))
outer, inner = first.split(first.get_loops("B")[0], [None, 4])
first.parallel(outer)
first.vectorize(inner)
first.annotate(outer, "pragma_auto_unroll_max_step", 16)
scale = first.mod
# %% split-answer
import tvm
from tvm import te

A = te.placeholder((60,), "float32", name="A")
sch = tvm.s_tir.Schedule(te.create_prim_func([A, te.compute((60,), lambda i: A[i] * 2.0, name="B")]))
sch.split(sch.get_loops("B")[0], [15, 4])
