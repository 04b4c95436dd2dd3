"""Steps that several GPU schedules share, and the checks of their parameters."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlc_ref.kinds import invalid, refused, takes

if TYPE_CHECKING:
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV, SBlockRV

MAX_THREADS = 1024  # of a block, on every CUDA device since sm_20 (CUDA C++ Programming Guide, table 30)
VECTOR_WIDTHS = (1, 2, 4)  # float32 lanes of one load: the hardware moves 4, 8 or 16 bytes a thread


def check_threads(threads: int, where: str) -> None:
    """Guard the number of threads of a block.

    Raises:
        ValueError: ``threads`` is not within 1 and ``MAX_THREADS``.
    """
    if not 1 <= threads <= MAX_THREADS:
        raise invalid(
            f"{where}: got {threads} threads a block, allowed 1 to {MAX_THREADS}",
            f"{where}：得到每个线程块 {threads} 个线程，允许的是 1 到 {MAX_THREADS} 个",
        )


def check_vector(vector: int, where: str) -> None:
    """Guard the number of float32 lanes one thread moves at once.

    Raises:
        ValueError: ``vector`` is not one of ``VECTOR_WIDTHS``.
    """
    if vector not in VECTOR_WIDTHS:
        raise ValueError(refused(where, f"vector={vector}", ", ".join(map(str, VECTOR_WIDTHS))))


@takes("Schedule")
def bind(sch: "Schedule", threads: Mapping[str, "LoopRV"]) -> None:
    """Bind each loop to the thread axis it is given under, such as ``{"blockIdx.x": i}``."""
    for axis, loop in threads.items():
        sch.bind(loop, axis)


@takes("Schedule")
def cooperative_fetch(
    sch: "Schedule", block: "SBlockRV", at: "LoopRV", threads: Mapping[str, int], vector: int = 1
) -> None:
    """Let all threads of a block fill a shared buffer together.

    Before, ``block`` copies a whole tensor; after, it copies what is read below ``at``, elements
    dealt out to the threads in turn, ``vector`` neighbours to a thread::

        for at:
            for step:
                for threadIdx.y: for threadIdx.x:      # the axes given, slowest first
                    for v in vectorized(vector):
                        S[…] = A[…]                     # neighbours go to neighbouring threads

    Args:
        sch: the schedule, changed in place.
        block: a ``cache_read`` block with a shared destination.
        at: the loop at which the buffer is filled.
        threads: extent of each thread axis, slowest first.
        vector: elements a thread moves with one instruction.
    """
    sch.compute_at(block, at, preserve_unit_loops=True)
    dimensions = len(sch.get(block).writes[0].region)
    elements = sch.fuse(*sch.get_loops(block)[-dimensions:])
    _, *axes, lanes = sch.split(elements, [None, *threads.values(), vector])
    bind(sch, dict(zip(threads, axes, strict=True)))
    if vector > 1:
        sch.vectorize(lanes)
