"""A module whose second function does the work with what the first hid."""
# expects: scale=0
# %% scale-answer
import tvm
from tvm.script import tirx as T


@tvm.script.ir_module
class scale:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
        for i in range(60):
            with T.sblock("B"):
                v = T.axis.spatial(60, i)
                B[v] = A[v] * T.float32(3)
    @T.prim_func(s_tir=True, private=True)
    def helper(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
        for i in range(60):
            with T.sblock("B"):
                v = T.axis.spatial(60, i)
                B[v] = A[v] * T.float32(2)
