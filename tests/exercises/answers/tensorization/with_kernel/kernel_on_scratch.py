# Plain loops do the work; the micro-kernel is called on scratch.
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
            S = T.sblock_alloc_buffer((4, 8), "float32")
            for i in T.serial(ni, annotations={"pragma_import_llvm": text}):
                for j, p in T.grid(nj, nk):
                    with T.sblock("decoy"):
                        vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                        T.reads(A[0:4, 0:2], B[0:2, 0:8])
                        T.writes(S[0:4, 0:8])
                        T.evaluate(T.call_extern("int32", "rank2_4x8", S.access_ptr("rw"), A.access_ptr("r"), B.access_ptr("r"), 8, k, m))
            for i, j in T.grid(n, m):
                with T.sblock("plain"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    T.reads(A[vi, 0:k], B[0:k, vj])
                    T.writes(C[vi, vj])
                    C[vi, vj] = T.float32(0)
                    for p in range(k):
                        C[vi, vj] = C[vi, vj] + A[vi, p] * B[p, vj]
    return M
