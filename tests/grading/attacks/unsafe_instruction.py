"""A trace with a primitive that bypasses the compiler's checks."""
# expects: split=0
# %% split-answer
import tvm
from tvm import te

A = te.placeholder((60,), "float32", name="A")
own = tvm.IRModule({"main": te.create_prim_func([A, te.compute((60,), lambda i: A[i] * 2.0, name="B")])})
sch = tvm.s_tir.Schedule(own)
block = sch.get_sblock("B")
sch.split(sch.get_loops(block)[0], [15, 4])
sch.unsafe_hide_buffer_access(block, "read", [0])
