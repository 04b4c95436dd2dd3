"""Matrix multiplication on Tensor Cores: ``programs.matmul.matmul(n, m, k, "float16", "float16", "float32")``.

After the CUTLASS hierarchy (Thakkar et al., *CUTLASS*, NVIDIA 2017): a block's tile in shared
memory, a warp's tile in fragments, one instruction a 16x16x16 tile.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlc_ref.gpu.schedules.common import MAX_THREADS, bind, cooperative_fetch
from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text
from mlc_ref.tensorization import intrinsics

if TYPE_CHECKING:
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV, SBlockRV

TILE, WARP = 16, 32


@dataclass(frozen=True)
class WarpTiling:
    """How a block's tile of ``C`` is shared out to warps, all in units of 16x16x16 instructions.

    Attributes:
        warps_y, warps_x: warps of a block along the rows and columns of ``C``.
        tiles_y, tiles_x: accumulator fragments of a warp along rows and columns.
        tiles_k: tiles of the reduction brought to shared memory at a time.
        vector: float16 elements a thread fetches with one instruction (8 are 16 bytes).

    Raises:
        ValueError: a size is not positive, ``vector`` is not 1, 2, 4 or 8, or there are too many threads.
    """

    warps_y: int = 2
    warps_x: int = 2
    tiles_y: int = 2
    tiles_x: int = 2
    tiles_k: int = 2
    vector: int = 8

    def __post_init__(self) -> None:
        if bad := [name for name in self.__dataclass_fields__ if getattr(self, name) < 1]:
            raise ValueError(
                refused(f"WarpTiling.{bad[0]}", getattr(self, bad[0]), Text("1 and more", "不小于 1 的整数"))
            )
        if self.vector not in (1, 2, 4, 8):
            raise ValueError(refused("WarpTiling.vector", self.vector, "1, 2, 4, 8"))
        if (threads := self.warps_y * self.warps_x * WARP) > MAX_THREADS:
            raise invalid(
                f"WarpTiling: got {threads} threads a block, allowed up to {MAX_THREADS}",
                f"WarpTiling：得到每个线程块 {threads} 个线程，允许的是不超过 {MAX_THREADS} 个",
            )

    @property
    def block(self) -> tuple[int, int, int]:
        """Rows and columns of ``C`` a block computes, and the depth of a shared tile."""
        return TILE * self.warps_y * self.tiles_y, TILE * self.warps_x * self.tiles_x, TILE * self.tiles_k

    @property
    def threads(self) -> dict[str, int]:
        """Extent of each thread axis, slowest first; ``threadIdx.x`` runs through a warp."""
        return {"threadIdx.z": self.warps_y, "threadIdx.y": self.warps_x, "threadIdx.x": WARP}


@takes("Schedule")
def tensor_core(sch: "Schedule", tiling: WarpTiling | None = None) -> "Schedule":
    """Bring the multiplication to Tensor Cores.

    Before::

        for i, j, p in n, m, k:
            C[i, j] += float32(A[i, p]) * float32(B[p, j])

    After::

        for blockIdx.y, blockIdx.x:
            for threadIdx.z, threadIdx.y:             # one warp each
                for y, x in tiles_y, tiles_x:
                    fill_fragment(acc[y, x])
                for po in k / (16 * tiles_k):
                    As[…], Bs[…] = A[…], B[…]         # all threads, vectors of 8
                    for pi in tiles_k:
                        for y: load_matrix_sync(fa[y], As tile)
                        for x: load_matrix_sync(fb[x], Bs tile)
                        for y, x in tiles_y, tiles_x:
                            mma_sync(acc[y, x], fa[y], fb[x], acc[y, x])
                for y, x in tiles_y, tiles_x:
                    store_matrix_sync(C tile, acc[y, x])

    Where the block's tile does not divide a size, the operands are padded with zeros on their way
    to shared memory, and the result is copied from a padded buffer by a second kernel.

    Args:
        sch: a schedule of the float16 program.
        tiling: how the tiles are shared out.

    Raises:
        tvm.s_tir.ScheduleError: the program's dtypes are not those of the instruction.
    """
    tiling = tiling or WarpTiling()
    intrinsics.register_wmma()
    # 1. Pad where the block's tile does not divide; the padding of A and B is inlined in step 4.
    sizes = [int(sch.get(loop).extent) for loop in sch.get_loops("matmul")]
    if any(size % step for size, step in zip(sizes, tiling.block, strict=True)):
        sch.pad_einsum("matmul", list(tiling.block))
    # A size that the tile divides needs no padding: not every array has a block of its own then.
    padding = {sch.get(block).name_hint for block in sch.get_child_blocks(sch.get_sblock("root"))} - {"matmul"}
    # 2. Blocks, warps, instructions.
    warp, po, pi, instruction = _tile(sch, tiling)
    # 3. Sums stay in fragments until the end.
    store = sch.cache_write("matmul", 0, "wmma.accumulator")
    sch.reverse_compute_at(store, warp)
    # 4. Operands go through shared memory to fragments.
    for operand, (name, load) in enumerate((("A", intrinsics.WMMA_LOAD_A), ("B", intrinsics.WMMA_LOAD_B))):
        shared = sch.cache_read("matmul", operand, "shared")
        cooperative_fetch(sch, shared, po, tiling.threads, tiling.vector)
        if f"{name}_pad" in padding:
            sch.compute_inline(f"{name}_pad")
        fragment = sch.cache_read("matmul", operand, f"wmma.matrix_{name.lower()}")
        sch.compute_at(fragment, pi, preserve_unit_loops=True)
        _tensorize_copy(sch, fragment, load)
    # 5. The rest of the instructions.
    fill = sch.decompose_reduction("matmul", po)
    sch.tensorize(sch.get_loops(fill)[-2], intrinsics.WMMA_FILL)
    _tensorize_copy(sch, store, intrinsics.WMMA_STORE)
    sch.tensorize(instruction, intrinsics.WMMA_MMA)
    # 6. Copy the result out of its padding.
    if "C_pad" in padding:
        element = sch.fuse(*sch.get_loops("C_pad"))
        block_x, thread_x = sch.split(element, [None, 4 * WARP])
        bind(sch, {"blockIdx.x": block_x, "threadIdx.x": thread_x})
    return sch


def _tile(sch: "Schedule", tiling: WarpTiling) -> tuple["LoopRV", ...]:
    """Tile and bind; the loops of a warp, of the shared tiles, of their parts, and of one instruction."""
    i, j, p = sch.get_loops("matmul")
    block_y, warp_y, y, i = sch.split(i, [None, tiling.warps_y, tiling.tiles_y, TILE])
    block_x, warp_x, x, j = sch.split(j, [None, tiling.warps_x, tiling.tiles_x, TILE])
    po, pi, p = sch.split(p, [None, tiling.tiles_k, TILE])
    sch.reorder(block_y, block_x, warp_y, warp_x, po, pi, y, x, i, j, p)
    bind(sch, {"blockIdx.y": block_y, "blockIdx.x": block_x, "threadIdx.z": warp_y, "threadIdx.y": warp_x})
    return warp_x, po, pi, i


def _tensorize_copy(sch: "Schedule", block: "SBlockRV", instruction: str) -> None:
    rows, columns = sch.get_loops(block)[-2:]
    (row, i), (column, j) = sch.split(rows, [None, TILE]), sch.split(columns, [None, TILE])
    sch.reorder(row, column, i, j)
    sch.tensorize(i, instruction)
