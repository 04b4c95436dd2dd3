# The tile is made a block first, then tensorized as such.
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
    TensorIntrin.register("rank2_of_a_block", programs.rank2_desc, rank2_impl, override=True)
    sch = Schedule(matmul(n, m, k))
    i, j, p = sch.get_loops("matmul")
    io, i = sch.split(i, [None, 4])
    jo, j = sch.split(j, [None, 8])
    po, p = sch.split(p, [None, 2])
    sch.reorder(jo, io, po, i, j, p)
    tile = sch.blockize(i)
    sch.decompose_reduction(tile, po)
    sch.tensorize(sch.get_sblock("matmul_o_update"), "rank2_of_a_block")
    sch.annotate(jo, "pragma_import_llvm", kernels.rank2_llvm())
    return sch.mod
