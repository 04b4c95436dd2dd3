"""Element-wise programs on a GPU: ``programs.vector_add`` and ``programs.strided_copy``."""

from typing import TYPE_CHECKING

from mlc_ref.gpu.schedules.common import bind, check_threads, check_vector
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    from tvm.s_tir import Schedule


@takes("Schedule")
def one_element_a_thread(sch: "Schedule", threads: int = 128, block: str = "add") -> "Schedule":
    """Blocks of ``threads`` threads, one element a thread.

    Before::

        for i in n:
            C[i] = A[i] + B[i]

    After::

        for blockIdx.x in ceil(n / threads):
            for threadIdx.x in threads:
                if blockIdx.x * threads + threadIdx.x < n:      # only where threads does not divide n
                    C[…] = A[…] + B[…]

    Args:
        sch: a schedule of a program with one spatial loop.
        threads: threads of a block.
        block: the block to bind (``"copy"`` in ``programs.strided_copy``).

    Raises:
        ValueError: ``threads`` is no number of threads a block can have.
    """
    check_threads(threads, "one_element_a_thread")
    (i,) = sch.get_loops(block)
    block_x, thread_x = sch.split(i, [None, threads])
    bind(sch, {"blockIdx.x": block_x, "threadIdx.x": thread_x})
    return sch


@takes("Schedule")
def one_vector_a_thread(sch: "Schedule", threads: int = 128, vector: int = 4, block: str = "add") -> "Schedule":
    """``vector`` neighbouring elements a thread, moved with one instruction each.

    Before::

        for i in n:
            C[i] = A[i] + B[i]

    After::

        for blockIdx.x in ceil(n / (threads * vector)):
            for threadIdx.x in threads:
                for v in vectorized(vector):
                    C[… + v] = A[… + v] + B[… + v]

    Where ``vector`` does not divide ``n``, lowering falls back to guarded single elements.

    Args:
        sch: a schedule of a program with one spatial loop.
        threads: threads of a block.
        vector: 1, 2 or 4 float32 elements.
        block: the block to bind.

    Raises:
        ValueError: ``threads`` or ``vector`` is none the hardware has.
    """
    check_threads(threads, "one_vector_a_thread")
    check_vector(vector, "one_vector_a_thread")
    (i,) = sch.get_loops(block)
    block_x, thread_x, lanes = sch.split(i, [None, threads, vector])
    bind(sch, {"blockIdx.x": block_x, "threadIdx.x": thread_x})
    sch.vectorize(lanes)
    return sch
