"""The window sum on a GPU: ``programs.window_sum``, without and with shared memory."""

from typing import TYPE_CHECKING

from mlc_ref.gpu.schedules.common import bind, check_threads, cooperative_fetch
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    from tvm.s_tir import Schedule


@takes("Schedule")
def from_global(sch: "Schedule", threads: int = 128) -> "Schedule":
    """One window a thread; every element of ``A`` is loaded by ``window`` threads.

    Before::

        for i in n:
            for w in window:
                B[i] += A[i + w]                      # B[i] = 0 at w = 0

    After::

        for blockIdx.x in ceil(n / threads):
            for threadIdx.x in threads:
                b = 0
                for w in window:
                    b += A[i + w]
                B[i] = b

    Args:
        sch: a schedule of ``programs.window_sum``.
        threads: threads of a block.

    Raises:
        ValueError: ``threads`` is no number of threads a block can have.
    """
    check_threads(threads, "from_global")
    i, w = sch.get_loops("window")
    block_x, thread_x = sch.split(i, [None, threads])
    bind(sch, {"blockIdx.x": block_x, "threadIdx.x": thread_x})
    write_back = sch.cache_write("window", 0, "local")
    sch.reverse_compute_at(write_back, thread_x)
    sch.decompose_reduction("window", w)
    return sch


@takes("Schedule")
def from_shared(sch: "Schedule", threads: int = 128) -> "Schedule":
    """The threads of a block load the elements they need together, once each.

    Before (``from_global``)::

        for blockIdx.x, threadIdx.x:
            b = 0
            for w in window:
                b += A[i + w]
            B[i] = b

    After::

        for blockIdx.x:
            for step in ceil((threads + window - 1) / threads):
                for threadIdx.x in threads:
                    if step * threads + threadIdx.x < threads + window - 1:
                        S[…] = A[…]
            barrier
            for threadIdx.x in threads:
                b = 0
                for w in window:
                    b += S[threadIdx.x + w]
                B[i] = b

    Args and errors: as ``from_global``.
    """
    from_global(sch, threads)
    block_x, *_ = sch.get_loops("window_update")
    tile = sch.cache_read("window_update", 1, "shared")
    cooperative_fetch(sch, tile, block_x, {"threadIdx.x": threads})
    return sch
