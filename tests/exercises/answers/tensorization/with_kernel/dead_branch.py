# The kernel stands in a branch that is never taken.
# loses: structure
def with_micro_kernel(n, m, k):
    text = kernels.rank2_llvm()

    @I.ir_module
    class M:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), "float32"), B: T.Buffer((k, m), "float32"), C: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j, p in T.grid(n, m, k):
                with T.sblock("product"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    with T.init():
                        C[vi, vj] = T.float32(0)
                    C[vi, vj] = C[vi, vj] + A[vi, vp] * B[vp, vj]
            for i in T.serial(n // 4, annotations={"pragma_import_llvm": text}):
                for j, p in T.grid(m // 8, k // 2):
                    with T.sblock("never"):
                        vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                        T.reads(A[vi * 4 : vi * 4 + 4, vp * 2 : vp * 2 + 2], B[vp * 2 : vp * 2 + 2, vj * 8 : vj * 8 + 8])
                        T.writes(C[vi * 4 : vi * 4 + 4, vj * 8 : vj * 8 + 8])
                        if vi > n:
                            T.evaluate(T.call_extern("int32", "rank2_4x8", T.address_of(C[vi * 4, vj * 8]), T.address_of(A[vi * 4, vp * 2]), T.address_of(B[vp * 2, vj * 8]), m, k, m))

    return M
