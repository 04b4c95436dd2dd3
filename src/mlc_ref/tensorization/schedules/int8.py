"""int8 matrix multiplication on the CPU: ``programs.matmul.matmul(n, m, k, "uint8", "int8", "int32")``.

``best`` takes the dot-product instruction where the CPU has it, and plain vector code elsewhere.
Both are exact.
"""

from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print
from mlc_ref.targets import CpuFeatures, cpu_features
from mlc_ref.tensorization import intrinsics

if TYPE_CHECKING:
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV, SBlockRV

LANES, DEPTH = 16, 4  # of VPDPBUSD: 16 sums, 4 products each
ROWS = 8  # rows of C summed at a time
VECTORS = 2  # vector registers side by side in each of these rows: both use the same four bytes of A


class NoVnniError(RuntimeError):
    """The dot-product instruction was asked for on a CPU that does not have it."""


@takes("Schedule")
def best(sch: "Schedule") -> "Schedule":
    """``vnni`` on a CPU with AVX-512 VNNI, ``portable`` elsewhere."""
    return vnni(sch) if cpu_features().vnni else portable(sch)


@takes("Schedule")
def vnni(sch: "Schedule", features: CpuFeatures | None = None) -> "Schedule":
    """Four products for each of 16 sums with one instruction.

    Before::

        for i, j, p in n, m, k:
            C[i, j] += int32(A[i, p]) * int32(B[p, j])

    After::

        for jo in parallel(m / 32): Bp[jo, po, j, p] = B[po * 4 + p, jo * 32 + j]
        for jo in parallel(m / 32):
            for io in n / 8:
                sum[0:8, 0:32] = 0
                for po in k / 4:
                    for i in unrolled(8):
                        for v in unrolled(2):
                            vpdpbusd(sum[i, v * 16 : …], A[i, po * 4 : po * 4 + 4], Bp[jo, po, v * 16 : …, 0:4])
                C[…] = sum

    Where 8, 32 or 4 does not divide a size, ``pad_einsum`` first copies the operands to the next
    multiple, filled with zeros.

    Args:
        sch: a schedule of the int8 program.
        features: of the CPU the code will run on; default: this machine's.

    Raises:
        NoVnniError: the CPU has no VNNI; running the code would end the process.
    """
    if not (features or cpu_features()).vnni:
        raise NoVnniError(
            for_print(
                Text(
                    "vnni: this CPU has no AVX-512 VNNI; use portable",
                    "vnni：这个 CPU 没有 AVX-512 VNNI；请改用 portable",
                )
            )
        )
    intrinsics.register_dot()
    lanes = _tile_and_pack(sch, DEPTH, VECTORS)
    _sum_in_registers(sch)
    sch.tensorize(lanes, intrinsics.DOT_VNNI)
    return sch


@takes("Schedule")
def portable(sch: "Schedule") -> "Schedule":
    """The same loops in plain vector code, for any CPU.

    A row of sums is one vector here, ``v`` a loop of one step: AVX2 has half the registers, each half as long.

    Before: as ``vnni``. After::

        for jo in parallel(m / 16): Bp[jo, p, j] = B[p, jo * 16 + j]
        for jo in parallel(m / 16):
            for io in n / 8:
                sum[0:8, 0:16] = 0
                for p in k:
                    for i in unrolled(8):
                        for j in vectorized(16):
                            sum[i, j] += int32(A[i, p]) * int32(Bp[jo, p, j])
                C[…] = sum

    Args:
        sch: a schedule of the int8 program.
    """
    sch.vectorize(_tile_and_pack(sch, depth=1, vectors=1))
    _sum_in_registers(sch)
    return sch


def _tile_and_pack(sch: "Schedule", depth: int, vectors: int) -> "LoopRV":
    """Loops ``jo, io, po, i, v, j, p`` over a packed ``B``, ``p`` left out for ``depth`` 1; ``j`` is returned."""
    columns = vectors * LANES
    tile = [ROWS, columns, depth]
    sizes = [int(sch.get(loop).extent) for loop in sch.get_loops("matmul")]
    if any(size % step for size, step in zip(sizes, tile, strict=True)):
        sch.pad_einsum("matmul", tile)
    packed = sch.cache_read("matmul", 1, "global")

    def panels(p, j):
        place = (j // columns, p // depth, j % columns)
        return place if depth == 1 else (*place, p % depth)

    sch.transform_layout("matmul", ("read", 1), panels)
    _pack_in_parallel(sch, packed, depth, columns)
    i, j, p = sch.get_loops("matmul")
    (io, i), (jo, v, j) = sch.split(i, [None, ROWS]), sch.split(j, [None, vectors, LANES])
    po, *ps = [p] if depth == 1 else sch.split(p, [None, depth])
    sch.reorder(jo, io, po, i, v, j, *ps)
    sch.parallel(jo)
    for loop in (i, v):
        sch.unroll(loop)
    return j


def _pack_in_parallel(sch: "Schedule", packed: "SBlockRV", depth: int, columns: int) -> None:
    """Each task fills panels of ``Bp`` from front to back; the ``depth`` rows of one step are woven together."""
    p, j = sch.get_loops(packed)
    (po, p), (jo, j) = sch.split(p, [None, depth]), sch.split(j, [None, columns])
    sch.reorder(jo, po, j, p)
    sch.parallel(jo)
    sch.unroll(p)


def _sum_in_registers(sch: "Schedule") -> None:
    _, io, po, *_ = sch.get_loops("matmul")
    write_back = sch.cache_write("matmul", 0, "global")
    sch.reverse_compute_at(write_back, io)
    rows, lanes = sch.get_loops(write_back)[-2:]
    sch.unroll(rows)  # an accumulator indexed by a loop variable could not live in registers
    sch.vectorize(lanes)
    zero = sch.decompose_reduction("matmul", po)
    sch.vectorize(sch.get_loops(zero)[-1])
