# TVMScript instead of a schedule.
# earns: all
def with_micro_kernel(n, m, k):
    text = kernels.rank2_llvm()

    @I.ir_module
    class M:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), "float32"), B: T.Buffer((k, m), "float32"), C: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(n, m):
                with T.sblock("zero"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    C[vi, vj] = T.float32(0)
            for i in T.serial(n // 4, annotations={"pragma_import_llvm": text}):
                for j, p in T.grid(m // 8, k // 2):
                    with T.sblock("tile"):
                        vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                        T.reads(C[vi * 4 : vi * 4 + 4, vj * 8 : vj * 8 + 8], A[vi * 4 : vi * 4 + 4, vp * 2 : vp * 2 + 2], B[vp * 2 : vp * 2 + 2, vj * 8 : vj * 8 + 8])
                        T.writes(C[vi * 4 : vi * 4 + 4, vj * 8 : vj * 8 + 8])
                        T.evaluate(T.call_extern("int32", "rank2_4x8", T.address_of(C[vi * 4, vj * 8]), T.address_of(A[vi * 4, vp * 2]), T.address_of(B[vp * 2, vj * 8]), m, k, m))

    return M
