# The micro-kernel adds products of zeros; plain loops do the work.
# loses: structure
# says: no arithmetic outside
def with_micro_kernel(n, m, k):
    ni, nj, nk = n // 4, m // 8, k // 2
    text = kernels.rank2_llvm()
    @I.ir_module
    class M:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), "float32"), B: T.Buffer((k, m), "float32"), C: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            ZA = T.sblock_alloc_buffer((4, 2), "float32")
            for i, j in T.grid(4, 2):
                with T.sblock("za"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    ZA[vi, vj] = T.float32(0)
            for i, j, p in T.grid(n, m, k):
                with T.sblock("plain"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    vp = T.axis.opaque(k, p)
                    T.reads(C[vi, vj], A[vi, vp], B[vp, vj])
                    T.writes(C[vi, vj])
                    C[vi, vj] = T.if_then_else(vp == 0, T.float32(0), C[vi, vj]) + A[vi, vp] * B[vp, vj]
            for i in T.serial(ni, annotations={"pragma_import_llvm": text}):
                for j, p in T.grid(nj, nk):
                    with T.sblock("decoy"):
                        vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                        T.reads(C[vi * 4:vi * 4 + 4, vj * 8:vj * 8 + 8], ZA[0:4, 0:2], B[vp * 2:vp * 2 + 2, vj * 8:vj * 8 + 8])
                        T.writes(C[vi * 4:vi * 4 + 4, vj * 8:vj * 8 + 8])
                        T.evaluate(T.call_extern("int32", "rank2_4x8", T.address_of(C[vi * 4, vj * 8]), T.address_of(ZA[0, 0]), T.address_of(B[vp * 2, vj * 8]), m, 2, m))
    return M
