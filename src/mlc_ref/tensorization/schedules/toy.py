"""Matrix multiplication on the toy accelerator: tile, ``blockize``, ``tensorize``, special memories."""

from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.tensorization import intrinsics
from mlc_ref.tensorization.programs import toy

if TYPE_CHECKING:
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV, SBlockRV


@takes("Schedule")
def tile(sch: "Schedule") -> tuple["LoopRV", ...]:
    """Cut the three loops into tiles of the instruction's size.

    Before::

        for i, j, p in n, m, k:
            C[i, j] += A[i, p] * B[p, j]

    After::

        for io, jo, po in n / 4, m / 4, k / 4:
            for i, j, p in 4, 4, 4:
                C[io * 4 + i, jo * 4 + j] += A[…] * B[…]

    Where 4 does not divide a size, ``pad_einsum`` first copies the operands to the next multiple,
    filled with zeros, and copies the result back.

    Returns:
        The six loops, outermost first.
    """
    sizes = [sch.get(loop).extent for loop in sch.get_loops("matmul")]
    if any(int(size) % toy.TILE for size in sizes):
        sch.pad_einsum("matmul", [toy.TILE] * 3)
    outer, inner = zip(*(sch.split(loop, [None, toy.TILE]) for loop in sch.get_loops("matmul")), strict=True)
    sch.reorder(*outer, *inner)
    return (*outer, *inner)


@takes("Schedule")
def blockize(sch: "Schedule") -> "SBlockRV":
    """Make each tile one block, which is itself a matrix multiplication.

    Before (``tile``)::

        for io, jo, po:
            for i, j, p in 4, 4, 4:
                block matmul(vi = io * 4 + i, …):
                    C[vi, vj] += A[vi, vp] * B[vp, vj]

    After::

        for io, jo, po:
            block matmul_o(vio = io, vjo = jo, vpo = po):   # reads and writes whole tiles
                for i, j, p in 4, 4, 4:
                    block matmul(vi = i, …):
                        C[vio * 4 + vi, …] += A[…] * B[…]

    Returns:
        The outer block, named ``matmul_o``.
    """
    return sch.blockize(tile(sch)[3])


@takes("Schedule")
def tensorize(sch: "Schedule") -> "Schedule":
    """Replace each tile by one call of the instruction, operands in main memory.

    Before (``tile``)::

        for io, jo, po:
            for i, j, p in 4, 4, 4:
                C[…] += A[…] * B[…]

    After::

        for io, jo:
            for i, j in 4, 4:
                C[…] = 0
            for po:
                toy_mac(C tile, A tile, B tile, strides)

    Args:
        sch: a schedule of ``programs.matmul.matmul``, float32.

    Raises:
        tvm.s_tir.ScheduleError: the tile is not what the instruction computes, as for other dtypes.
    """
    intrinsics.register_toy()
    _, _, po, i, *_ = tile(sch)
    sch.decompose_reduction("matmul", po)
    sch.tensorize(i, intrinsics.TOY_MAC)
    return sch


def tensorize_with_memories(sch: "Schedule") -> "Schedule":
    """The whole accelerator: tiles are loaded to its memories, multiplied there, and stored.

    Before (``tensorize``)::

        for io, jo:
            C tile = 0
            for po:
                toy_mac(C tile, A tile, B tile)

    After::

        for io, jo:
            toy_clear(acc)
            for po:
                toy_copy(a, A tile)
                toy_copy(b, B tile)
                toy_mac(acc, a, b)
            toy_copy(C tile, acc)

    ``a``, ``b`` and ``acc`` are buffers in the scopes ``global.toy_a``, ``global.toy_b`` and
    ``global.toy_acc``, and lowering shrinks each to a single tile.

    Args and errors: as ``tensorize``.
    """
    intrinsics.register_toy()
    _, jo, po, i, *_ = tile(sch)
    store = sch.cache_write("matmul", 0, toy.SCOPE_ACC)
    sch.reverse_compute_at(store, jo)
    loads = ((toy.SCOPE_A, intrinsics.TOY_LOAD_A), (toy.SCOPE_B, intrinsics.TOY_LOAD_B))
    for operand, (scope, instruction) in enumerate(loads):
        load = sch.cache_read("matmul", operand, scope)
        sch.compute_at(load, po, preserve_unit_loops=True)
        sch.tensorize(sch.get_loops(load)[-2], instruction)
    clear = sch.decompose_reduction("matmul", po)
    sch.tensorize(sch.get_loops(clear)[-2], intrinsics.TOY_CLEAR)
    sch.tensorize(sch.get_loops(store)[-2], intrinsics.TOY_STORE)
    sch.tensorize(i, intrinsics.TOY_MAC_TILES)
    return sch
