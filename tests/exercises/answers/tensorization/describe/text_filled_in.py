# The text of the description with the lengths filled in, parsed.
# earns: all
import tvm

ROWS, COLUMNS, DEPTH = 2, 2, 8
TEXT = """
@I.ir_module
class Filled:
    @T.prim_func(s_tir=True)
    def main(
        A: T.Buffer(({m}, {k}), "int8", offset_factor=1),
        B: T.Buffer(({n}, {k}), "int8", offset_factor=1),
        C: T.Buffer(({m}, {n}), "int32", offset_factor=1),
    ):
        with T.sblock("root"):
            T.reads(C[0:{m}, 0:{n}], A[0:{m}, 0:{k}], B[0:{n}, 0:{k}])
            T.writes(C[0:{m}, 0:{n}])
            for i, j, p in T.grid({m}, {n}, {k}):
                with T.sblock("smmla"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    C[vi, vj] = C[vi, vj] + T.cast(A[vi, vp], "int32") * T.cast(B[vj, vp], "int32")
"""
Smmla = tvm.script.from_source(TEXT.format(m=ROWS, n=COLUMNS, k=DEPTH))
