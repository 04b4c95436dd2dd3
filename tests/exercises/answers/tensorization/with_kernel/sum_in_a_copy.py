# The sums of a tile stand in a buffer of their own, copied at the end.
# earns: all
@T.prim_func(s_tir=True)
def rank2_impl(a: T.handle, b: T.handle, c: T.handle):
    sa, sb, sc = T.int32(), T.int32(), T.int32()
    A = T.match_buffer(a, (4, 2), "float32", offset_factor=1, strides=[sa, 1])
    B = T.match_buffer(b, (2, 8), "float32", offset_factor=1, strides=[sb, 1])
    C = T.match_buffer(c, (4, 8), "float32", offset_factor=1, strides=[sc, 1])
    with T.sblock("root"):
        T.reads(C[0:4, 0:8], A[0:4, 0:2], B[0:2, 0:8])
        T.writes(C[0:4, 0:8])
        T.evaluate(
            T.call_extern("int32", "rank2_4x8", C.access_ptr("rw"), A.access_ptr("r"), B.access_ptr("r"), sc, sa, sb)
        )


def with_micro_kernel(n, m, k):
    TensorIntrin.register("rank2_on_a_copy", programs.rank2_desc, rank2_impl, override=True)
    sch = Schedule(matmul(n, m, k))
    out = sch.cache_write("matmul", 0, "global")
    tiles = [sch.split(loop, [None, size]) for loop, size in zip(sch.get_loops("matmul"), (4, 8, 2))]
    (io, i), (jo, j), (po, p) = tiles
    sch.reorder(io, jo, po, i, j, p)
    sch.reverse_compute_at(out, jo)
    sch.decompose_reduction("matmul", po)
    sch.tensorize(i, "rank2_on_a_copy")
    sch.annotate(io, "pragma_import_llvm", kernels.rank2_llvm())
    return sch.mod
