"""A function whose symbol is no name but a path with a zero byte."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    for i in range(60):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            B[v] = A[v] * T.float32(2)

scale = tvm.IRModule({"main": main.with_attr("global_symbol", "../../../x\0y")})
