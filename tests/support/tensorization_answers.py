"""Answers to the exercises on tensorization: right ones of several styles, and wrong ones with the points they deserve."""

import tvm
from tvm.s_tir import Schedule, TensorIntrin
from tvm.script import tirx as T

from mlc_ref.gpu.schedules.common import cooperative_fetch
from mlc_ref.tensorization import intrinsics, microkernel
from mlc_ref.tensorization.exercise_inputs import kernels, programs
from mlc_ref.tensorization.programs.dot import dot_desc
from mlc_ref.tensorization.programs.matmul import matmul

# Describe


def description(order="ijp", formula=0, depth=8, reads_sum=True):
    """The description, or one with a mistake, from text."""
    names = {"i": ("i", 2, "S"), "j": ("j", 2, "S"), "p": ("p", depth, "R")}
    loops = [names[x] for x in order]
    a, b = 'T.cast(A[vi, vp], "int32")', 'T.cast(B[vj, vp], "int32")'
    body = [f"C[vi, vj] + {a} * {b}", f"{b} * {a} + C[vi, vj]", f"C[vi, vj] - {a} * {b}"][formula]
    factor = ", offset_factor=1"
    text = f"""
@T.prim_func(s_tir=True)
def main(A: T.Buffer((2, {depth}), "int8"{factor}), B: T.Buffer((2, {depth}), "int8"{factor}),
         C: T.Buffer((2, 2), "int32"{factor})):
    with T.sblock("root"):
        T.reads({"C[0:2, 0:2], " if reads_sum else ""}A[0:2, 0:{depth}], B[0:2, 0:{depth}])
        T.writes(C[0:2, 0:2])
        for {", ".join(n for n, _, _ in loops)} in T.grid({", ".join(str(e) for _, e, _ in loops)}):
            with T.sblock("any"):
                {", ".join("v" + n for n, _, _ in loops)} = T.axis.remap("{"".join(k for *_, k in loops)}", [{", ".join(n for n, _, _ in loops)}])
                C[vi, vj] = {body}
"""
    return tvm.script.from_source(text, {"T": T})


@T.prim_func(s_tir=True)
def smmla_by_handles(x: T.handle, y: T.handle, z: T.handle):
    X = T.match_buffer(x, (2, 8), "int8", offset_factor=1)
    Y = T.match_buffer(y, (2, 8), "int8", offset_factor=1)
    Z = T.match_buffer(z, (2, 2), "int32", offset_factor=1)
    with T.sblock("root"):
        T.reads(Z[0:2, 0:2], X[0:2, 0:8], Y[0:2, 0:8])
        T.writes(Z[0:2, 0:2])
        for row in range(2):
            for column in range(2):
                for step in range(8):
                    with T.sblock("product"):
                        r = T.axis.spatial(2, row)
                        c = T.axis.spatial(2, column)
                        s = T.axis.reduce(8, step)
                        Z[r, c] += T.cast(X[r, s], "int32") * T.cast(Y[c, s], "int32")


# Blockize


def blocks(sizes=(4, 8, 16), at=3, order=(0, 1, 2), apart=False):
    sch = Schedule(programs.scores(36, 40, 48))
    pairs = [sch.split(loop, [None, s]) for loop, s in zip(sch.get_loops("scores"), sizes, strict=True)]
    sch.reorder(*(pairs[n][0] for n in order), *(inner for _, inner in pairs))
    tile = sch.blockize(sch.get_loops("scores")[at])
    if apart:
        sch.decompose_reduction(tile, sch.get_loops(tile)[2])
    return sch


# Toy accelerator


def on_toy(memories=True, at_tiles=True, order="ij"):
    sch = Schedule(programs.batch(3, 8, 12, 16, microkernel.llvm_ir()))
    _, i, j, p = sch.get_loops("bmm")
    (io, i), (jo, j), (po, p) = (sch.split(loop, [None, 4]) for loop in (i, j, p))
    sch.reorder(*((io, jo) if order == "ij" else (jo, io)), po, i, j, p)
    inner = jo if order == "ij" else io
    if not memories:
        sch.decompose_reduction("bmm", po)
        sch.tensorize(i, intrinsics.TOY_MAC)
        return sch
    store = sch.cache_write("bmm", 0, "global.toy_acc")
    sch.reverse_compute_at(store, inner)
    for operand, (scope, name) in enumerate(
        [("global.toy_a", intrinsics.TOY_LOAD_A), ("global.toy_b", intrinsics.TOY_LOAD_B)]
    ):
        load = sch.cache_read("bmm", operand, scope)
        if at_tiles:
            sch.compute_at(load, po, preserve_unit_loops=True)
        tiles(sch, load, name, 4)
    tiles(sch, sch.decompose_reduction("bmm", po), intrinsics.TOY_CLEAR, 4)
    tiles(sch, store, intrinsics.TOY_STORE, 4)
    sch.tensorize(i, intrinsics.TOY_MAC_TILES)
    return sch


def tiles(sch, block, name, size):
    (row, i), (column, j) = (sch.split(loop, [None, size]) for loop in sch.get_loops(block)[-2:])
    sch.reorder(row, column, i, j)
    sch.tensorize(i, name)


# Micro-kernel


@T.prim_func(s_tir=True)
def impl(a: T.handle, b: T.handle, c: T.handle):
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


@T.prim_func(s_tir=True)
def impl_without_strides(a: T.handle, b: T.handle, c: T.handle):
    sa, sb, sc = T.int32(), T.int32(), T.int32()
    A = T.match_buffer(a, (4, 2), "float32", offset_factor=1, strides=[sa, 1])
    B = T.match_buffer(b, (2, 8), "float32", offset_factor=1, strides=[sb, 1])
    C = T.match_buffer(c, (4, 8), "float32", offset_factor=1, strides=[sc, 1])
    with T.sblock("root"):
        T.reads(C[0:4, 0:8], A[0:4, 0:2], B[0:2, 0:8])
        T.writes(C[0:4, 0:8])
        T.evaluate(
            T.call_extern("int32", "rank2_4x8", C.access_ptr("rw"), A.access_ptr("r"), B.access_ptr("r"), 8, 2, 8)
        )


def kernel_answer(implementation=impl, code=True, order="ij", last=True):
    def answer(n, m, k):
        TensorIntrin.register("test_rank2", programs.rank2_desc, implementation, override=True)
        sch = Schedule(matmul(n, m, k))
        (io, i), (jo, j), (po, p) = (
            sch.split(loop, [None, s]) for loop, s in zip(sch.get_loops("matmul"), (4, 8, 2), strict=True)
        )
        sch.reorder(*((io, jo) if order == "ij" else (jo, io)), po, i, j, p)
        sch.decompose_reduction("matmul", po)
        if last:
            sch.tensorize(i, "test_rank2")
        if code:
            sch.annotate(sch.get_loops("matmul_update_o" if last else "matmul_update")[0], "pragma_import_llvm",
                         kernels.rank2_llvm())  # fmt: skip
        return sch.mod

    return answer


# int8


def dotted(pack=True, parallel=True, instruction=True, order="jip"):
    sch = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
    sch.pad_einsum("scores", [1, 16, 4])
    if pack:
        sch.cache_read("scores", 1, "global")
        sch.transform_layout("scores", ("read", 1), lambda j, p: (j // 16, p // 4, j % 16, p % 4))
    i, j, p = sch.get_loops("scores")
    (jo, j), (po, p) = sch.split(j, [None, 16]), sch.split(p, [None, 4])
    outer = [jo, i] if order == "jip" else [i, jo]
    sch.reorder(*outer, po, j, p)
    if parallel:
        sch.parallel(outer[0])
    sch.decompose_reduction("scores", po)
    if instruction:
        sch.tensorize(j, kernels.DOT)
    return sch


# Tensor Cores


def on_cores(warps=2, tiles_x=1, last=True):
    sch = Schedule(programs.half_batch(2, 64, 96, 32))
    b, i, j, p = sch.get_loops("bmm")
    by, wy, y, i = sch.split(i, [None, warps, 1, 16])
    bx, wx, x, j = sch.split(j, [None, warps, tiles_x, 16])
    po, pi, p = sch.split(p, [None, 1, 16])
    sch.reorder(b, by, bx, wy, wx, po, pi, y, x, i, j, p)
    axes = {"blockIdx.z": b, "blockIdx.y": by, "blockIdx.x": bx, "threadIdx.z": wy, "threadIdx.y": wx}
    for axis, loop in axes.items():
        sch.bind(loop, axis)
    store = sch.cache_write("bmm", 0, "wmma.accumulator")
    sch.reverse_compute_at(store, wx)
    for operand, (scope, name) in enumerate(
        [("wmma.matrix_a", intrinsics.WMMA_LOAD_A), ("wmma.matrix_b", intrinsics.WMMA_LOAD_B)]
    ):
        threads = {"threadIdx.z": warps, "threadIdx.y": warps, "threadIdx.x": 32}
        cooperative_fetch(sch, sch.cache_read("bmm", operand, "shared"), po, threads, 2)
        fragment = sch.cache_read("bmm", operand, scope)
        sch.compute_at(fragment, pi, preserve_unit_loops=True)
        tiles(sch, fragment, name, 16)
    tiles(sch, sch.decompose_reduction("bmm", po), intrinsics.WMMA_FILL, 16)
    tiles(sch, store, intrinsics.WMMA_STORE, 16)
    if last:
        sch.tensorize(i, intrinsics.WMMA_MMA)
    return sch


def scalar_kernel():
    sch = Schedule(programs.half_batch(2, 64, 96, 32))
    b, i, j, _ = sch.get_loops("bmm")
    for loop, axis in ((b, "blockIdx.y"), (i, "blockIdx.x"), (j, "threadIdx.x")):
        sch.bind(loop, axis)
    return sch


def naive(make):
    return lambda: Schedule(make())


RIGHT = [
    ("describe", description),
    ("describe", lambda: smmla_by_handles),
    ("tile_block", blocks),
    ("tile_block", lambda: blocks(order=(1, 2, 0))),
    ("tile_block", lambda: blocks(apart=True)),
    ("on_toy", on_toy),
    ("on_toy", lambda: on_toy(order="ji")),
    ("with_kernel", kernel_answer),
    ("with_kernel", lambda: kernel_answer(order="ji")),
    ("dot8", dotted),
    ("dot8", lambda: dotted(order="ijp")),
    ("cores", on_cores),
    ("cores", lambda: on_cores(tiles_x=3)),
]
WRONG = [
    ("describe", lambda: description(formula=2), [1, 1, 0]),
    ("describe", lambda: description(depth=4), [0, 1, 0]),
    ("describe", lambda: description("pji"), [1, 1, 0]),
    ("describe", lambda: description(formula=1), [1, 1, 0]),
    ("describe", lambda: description(reads_sum=False), [1, 0, 0]),
    ("describe", lambda: tvm.IRModule({"main": dot_desc}), [0, 1, 0]),
    ("tile_block", naive(lambda: programs.scores(36, 40, 48)), [0, 0]),
    ("tile_block", lambda: blocks(sizes=(4, 8, 8)), [0, 0]),
    ("tile_block", lambda: blocks(at=4), [0, 0]),
    ("on_toy", naive(lambda: programs.batch(3, 8, 12, 16, microkernel.llvm_ir())), [0, 0, 0, 1]),
    ("on_toy", lambda: on_toy(memories=False), [0, 0, 0, 1]),
    ("on_toy", lambda: on_toy(at_tiles=False), [2, 0, 1, 1]),
    ("with_kernel", lambda: matmul, [0, 0]),
    ("with_kernel", lambda: kernel_answer(code=False), [0, 0]),
    ("with_kernel", lambda: kernel_answer(impl_without_strides), [2, 0]),
    ("with_kernel", lambda: kernel_answer(last=False), [0, 0]),
    ("dot8", naive(lambda: programs.scores(5, 40, 30, "uint8", "int8", "int32")), [0, 0, 1]),
    ("dot8", lambda: dotted(instruction=False), [0, 1, 1]),
    ("dot8", lambda: dotted(parallel=False), [2, 0, 1]),
    ("dot8", lambda: dotted(pack=False), [0, 1, 1]),
    ("cores", naive(lambda: programs.half_batch(2, 64, 96, 32)), [0, 0, 0, 0]),
    ("cores", scalar_kernel, [0, 0, 0, 1]),
    ("cores", lambda: on_cores(warps=1), [2, 2, 0, 1]),
]
