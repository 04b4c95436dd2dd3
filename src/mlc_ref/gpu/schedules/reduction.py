"""Sums across threads: ``programs.row_sum`` and ``programs.total``."""

from typing import TYPE_CHECKING

from mlc_ref.gpu.schedules.common import bind, check_threads
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    from tvm.s_tir import Schedule


@takes("Schedule")
def row_a_thread(sch: "Schedule", threads: int = 128) -> "Schedule":
    """One row a thread: no cooperation, and neighbouring threads read a whole row apart.

    Before::

        for i in n:
            for j in m:
                B[i] += A[i, j]                       # B[i] = 0 at j = 0

    After::

        for blockIdx.x in ceil(n / threads):
            for threadIdx.x in threads:
                b = 0
                for j in m:
                    b += A[i, j]
                B[i] = b

    Args:
        sch: a schedule of ``programs.row_sum``.
        threads: threads of a block.

    Raises:
        ValueError: ``threads`` is no number of threads a block can have.
    """
    check_threads(threads, "row_a_thread")
    i, j = sch.get_loops("sum")
    block_x, thread_x = sch.split(i, [None, threads])
    bind(sch, {"blockIdx.x": block_x, "threadIdx.x": thread_x})
    write_back = sch.cache_write("sum", 0, "local")
    sch.reverse_compute_at(write_back, thread_x)
    sch.decompose_reduction("sum", j)
    return sch


@takes("Schedule")
def row_a_block(sch: "Schedule", threads: int = 128) -> "Schedule":
    """One row a block: a reduction loop bound to threads, which TVM turns into a sum across threads.

    Before::

        for i in n:
            for j in m:
                B[i] += A[i, j]

    After::

        for blockIdx.x in n:
            for jo in ceil(m / threads):
                for threadIdx.x in threads:           # a reduction loop
                    B[i] += A[i, jo * threads + threadIdx.x]

    Lowered, each thread sums its elements in a register; then warps add their lanes' sums by
    shuffles, and one warp adds the sums of the warps through shared memory.

    Args:
        sch: a schedule of ``programs.row_sum`` or ``programs.total``.
        threads: threads of a block.

    Raises:
        ValueError: ``threads`` is no number of threads a block can have.
    """
    check_threads(threads, "row_a_block")
    i, j = sch.get_loops("sum")
    _, thread_x = sch.split(j, [None, threads])
    bind(sch, {"blockIdx.x": i, "threadIdx.x": thread_x})
    return sch


@takes("Schedule")
def two_kernels(sch: "Schedule", blocks: int = 8, threads: int = 128) -> "Schedule":
    """One sum over many blocks: partial sums first, then a second kernel that adds them.

    Before::

        for i in n:
            B[0] += A[i]

    After ``rfactor`` over the outer of two loops::

        for blockIdx.x in blocks:                     # first kernel
            for io in ceil(n / (blocks * threads)):
                for threadIdx.x in threads:           # a reduction loop
                    P[blockIdx.x] += A[…]
        for blockIdx.x in 1:                          # second kernel
            for threadIdx.x in blocks:                # a reduction loop
                B[0] += P[threadIdx.x]

    Blocks cannot wait for one another within a kernel; the end of a kernel is what they meet at.

    Args:
        sch: a schedule of ``programs.total``.
        blocks: blocks of the first kernel and threads of the second.
        threads: threads of a block of the first kernel.

    Raises:
        ValueError: ``blocks`` or ``threads`` is no number of threads a block can have.
    """
    check_threads(threads, "two_kernels")
    check_threads(blocks, "two_kernels (blocks)")
    _, i = sch.get_loops("sum")
    uneven = int(sch.get(i).extent) % blocks != 0
    if uneven:
        # Lowering does not see a reduction across threads under a predicate that involves the block:
        # zeros make all blocks equal. The padding is inlined, so that no padded array exists.
        sch.pad_einsum("sum", [1, blocks])
    _, i = sch.get_loops("sum")
    part, _ = sch.split(i, [blocks, None])
    partial = sch.rfactor(part, factor_axis=0)
    one, part, inner = sch.get_loops(partial)
    part = sch.fuse(one, part)
    _, thread_x = sch.split(inner, [None, threads])
    bind(sch, {"blockIdx.x": part, "threadIdx.x": thread_x})
    if uneven:
        sch.compute_inline("A_pad")
    one, part = sch.get_loops("sum")
    bind(sch, {"blockIdx.x": one, "threadIdx.x": part})
    return sch
