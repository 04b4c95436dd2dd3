"""Hand-written kernels for finding races: ``block_reverse``, ``tree_sum``, ``grid_sum``."""

import tvm
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.kinds import refused
from mlc_ref.language import Text

BARRIERS = ("every step", "missing", "divergent")


def block_reverse(blocks: int, threads: int, barrier: bool = True) -> tvm.IRModule:
    """Reverse each run of ``threads`` elements through shared memory.

    ``A``, ``B``: ``(blocks * threads,)`` float32. Without ``barrier`` a thread may read an element of
    the shared buffer before the thread that owns it has written it.
    """
    n = blocks * threads

    @I.ir_module
    class BlockReverse:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), "float32"), B: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for bx in T.thread_binding(blocks, thread="blockIdx.x"):
                for tx in T.thread_binding(threads, thread="threadIdx.x"):
                    with T.sblock("kernel"):
                        S = T.sblock_alloc_buffer((threads,), "float32", scope="shared")
                        S[tx] = A[bx * threads + tx]
                        if barrier:
                            T.evaluate(T.tvm_storage_sync("shared"))
                        B[bx * threads + tx] = S[threads - 1 - tx]

    return BlockReverse


def tree_sum(blocks: int, threads: int, barriers: str = "every step") -> tvm.IRModule:
    """Sum each run of ``threads`` elements by halving: ``A``: ``(blocks * threads,)``, ``B``: ``(blocks,)``.

    Args:
        blocks: number of runs.
        threads: length of a run, a power of two.
        barriers: ``"every step"`` is right. ``"missing"`` has a barrier before the first step only, so
            a step may read sums the last one has not written. ``"divergent"`` puts the barrier of each
            step where only the threads that still add reach it.

    Raises:
        ValueError: ``threads`` is no power of two, or ``barriers`` is none of ``BARRIERS``.
    """
    if barriers not in BARRIERS:
        raise ValueError(refused("barriers", repr(barriers), ", ".join(BARRIERS)))
    steps = threads.bit_length() - 1
    if threads != 1 << steps:
        raise ValueError(refused("threads", threads, Text("the powers of 2", "2 的幂")))
    every_step, divergent = barriers == "every step", barriers == "divergent"

    @I.ir_module
    class TreeSum:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((blocks * threads,), "float32"), B: T.Buffer((blocks,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for bx in T.thread_binding(blocks, thread="blockIdx.x"):
                for tx in T.thread_binding(threads, thread="threadIdx.x"):
                    with T.sblock("kernel"):
                        S = T.sblock_alloc_buffer((threads,), "float32", scope="shared")
                        S[tx] = A[bx * threads + tx]
                        T.evaluate(T.tvm_storage_sync("shared"))
                        for step in range(steps):
                            if tx < T.shift_right(threads, step + 1):
                                S[tx] = S[tx] + S[tx + T.shift_right(threads, step + 1)]
                                if divergent:
                                    T.evaluate(T.tvm_storage_sync("shared"))
                            if every_step:
                                T.evaluate(T.tvm_storage_sync("shared"))
                        if tx == 0:
                            B[bx] = S[0]

    return TreeSum


def grid_sum(blocks: int, threads: int) -> tvm.IRModule:
    """Wrong: after a kernel that clears it, all threads of all blocks add to ``B[0]``, which no barrier can order.

    ``A``: ``(blocks * threads,)``, ``B``: ``(1,)`` float32. The repaired program is
    ``mlc_ref.gpu.schedules.reduction.two_kernels``.
    """
    n = blocks * threads

    @I.ir_module
    class GridSum:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), "float32"), B: T.Buffer((1,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for one in T.thread_binding(1, thread="threadIdx.x"):
                with T.sblock("clear"):
                    B[one] = T.float32(0)
            for bx in T.thread_binding(blocks, thread="blockIdx.x"):
                for tx in T.thread_binding(threads, thread="threadIdx.x"):
                    with T.sblock("kernel"):
                        B[0] = B[0] + A[bx * threads + tx]

    return GridSum
