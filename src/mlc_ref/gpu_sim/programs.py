"""Small kernels written out thread by thread, to see what the simulator counts and what it refuses.

Each function returns a module whose ``main`` is one kernel. They have no schedule: loops are bound to
blocks and threads from the start, so that a hand can follow every address.
"""

import tvm
from tvm.script import ir as I
from tvm.script import tirx as T


def vector_add(n: int = 1024, shift: int = 0, threads: int = 128) -> tvm.IRModule:
    """``C[i] = A[i + shift] + B[i]``; a shift that is no multiple of 8 elements misses sector borders."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n + shift,), "float32"), B: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
            for b in T.thread_binding(n // threads, "blockIdx.x"):
                for t in T.thread_binding(threads, "threadIdx.x"):
                    with T.sblock("C"):
                        vi = T.axis.spatial(n, b * threads + t)
                        C[vi] = A[vi + shift] + B[vi]

    return Module


def strided_copy(n: int = 1024, stride: int = 2) -> tvm.IRModule:
    """``B[i] = A[stride * i]``."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n * stride,), "float32"), B: T.Buffer((n,), "float32")):
            for b in T.thread_binding(n // 128, "blockIdx.x"):
                for t in T.thread_binding(128, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(n, b * 128 + t)
                        B[vi] = A[vi * stride]

    return Module


def vector_copy(n: int = 1024, width: int = 4, dtype: str = "float32") -> tvm.IRModule:
    """``B[i] = A[i]`` with ``width`` elements at a time."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), dtype), B: T.Buffer((n,), dtype)):
            for b in T.thread_binding(n // (64 * width), "blockIdx.x"):
                for t in T.thread_binding(64, "threadIdx.x"):
                    for v in T.vectorized(width):
                        with T.sblock("B"):
                            vi = T.axis.spatial(n, (b * 64 + t) * width + v)
                            B[vi] = A[vi]

    return Module


def transpose_naive(n: int = 64) -> tvm.IRModule:
    """``B[j, i] = A[i, j]`` on 32 by 8 threads: reads rows, writes columns."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, n), "float32"), B: T.Buffer((n, n), "float32")):
            for by in T.thread_binding(n // 8, "blockIdx.y"):
                for bx in T.thread_binding(n // 32, "blockIdx.x"):
                    for ty in T.thread_binding(8, "threadIdx.y"):
                        for tx in T.thread_binding(32, "threadIdx.x"):
                            with T.sblock("B"):
                                vi = T.axis.spatial(n, by * 8 + ty)
                                vj = T.axis.spatial(n, bx * 32 + tx)
                                B[vj, vi] = A[vi, vj]

    return Module


def transpose_shared(n: int = 64, padding: int = 0) -> tvm.IRModule:
    """The transpose through a 32x32 tile of shared memory whose rows are ``padding`` elements longer."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, n), "float32"), B: T.Buffer((n, n), "float32")):
            for by in T.thread_binding(n // 32, "blockIdx.y"):
                for bx in T.thread_binding(n // 32, "blockIdx.x"):
                    with T.sblock("tile"):
                        vy, vx = T.axis.remap("SS", [by, bx])
                        tile = T.sblock_alloc_buffer((32, 32), scope="shared")
                        for ty in T.thread_binding(8, "threadIdx.y"):
                            for tx in T.thread_binding(32, "threadIdx.x"):
                                for s in range(4):
                                    with T.sblock("load"):
                                        i = T.axis.spatial(32, s * 8 + ty)
                                        j = T.axis.spatial(32, tx)
                                        tile[i, j] = A[vy * 32 + i, vx * 32 + j]
                        for ty in T.thread_binding(8, "threadIdx.y"):
                            for tx in T.thread_binding(32, "threadIdx.x"):
                                for s in range(4):
                                    with T.sblock("store"):
                                        i = T.axis.spatial(32, s * 8 + ty)
                                        j = T.axis.spatial(32, tx)
                                        B[vx * 32 + i, vy * 32 + j] = tile[j, i]

    schedule = tvm.s_tir.Schedule(Module)
    schedule.storage_align("load", 0, axis=0, factor=32, offset=padding)
    return schedule.mod


def window_sum(n: int = 1024, cooperative: bool = True) -> tvm.IRModule:
    """``B[i] = A[i] + A[i + 1] + A[i + 2]``, from global memory or from a shared copy of the window."""
    return _window_shared(n) if cooperative else _window_global(n)


def _window_global(n: int) -> tvm.IRModule:
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n + 2,), "float32"), B: T.Buffer((n,), "float32")):
            for b in T.thread_binding(n // 128, "blockIdx.x"):
                for t in T.thread_binding(128, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(n, b * 128 + t)
                        B[vi] = A[vi] + A[vi + 1] + A[vi + 2]

    return Module


def _window_shared(n: int) -> tvm.IRModule:
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n + 2,), "float32"), B: T.Buffer((n,), "float32")):
            for b in T.thread_binding(n // 128, "blockIdx.x"):
                with T.sblock("window"):
                    vb = T.axis.spatial(n // 128, b)
                    window = T.sblock_alloc_buffer((130,), scope="shared")
                    for t in T.thread_binding(128, "threadIdx.x"):
                        with T.sblock("middle"):
                            vt = T.axis.spatial(130, t)
                            window[vt] = A[vb * 128 + vt]
                    for t in T.thread_binding(128, "threadIdx.x"):
                        with T.sblock("edge"):
                            T.where(t < 2)
                            vt = T.axis.spatial(130, 128 + t)
                            window[vt] = A[vb * 128 + vt]
                    for t in T.thread_binding(128, "threadIdx.x"):
                        with T.sblock("B"):
                            vt = T.axis.spatial(128, t)
                            B[vb * 128 + vt] = window[vt] + window[vt + 1] + window[vt + 2]

    return Module


def matmul_naive(n: int = 128, threads: int = 16) -> tvm.IRModule:
    """One output element a thread, everything read from global memory, the sum in a register."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, n), "float32"), B: T.Buffer((n, n), "float32"), C: T.Buffer((n, n), "float32")):
            for by in T.thread_binding(n // threads, "blockIdx.y"):
                for bx in T.thread_binding(n // threads, "blockIdx.x"):
                    for ty in T.thread_binding(threads, "threadIdx.y"):
                        for tx in T.thread_binding(threads, "threadIdx.x"):
                            with T.sblock("element"):
                                vi = T.axis.spatial(n, by * threads + ty)
                                vj = T.axis.spatial(n, bx * threads + tx)
                                total = T.sblock_alloc_buffer((1,), scope="local")
                                total[0] = T.float32(0)
                                for k in range(n):
                                    total[0] = total[0] + A[vi, k] * B[k, vj]
                                C[vi, vj] = total[0]

    return Module


def matmul_blocked(n: int = 128, tile: int = 16) -> tvm.IRModule:
    """One output element a thread; tiles of A and B pass through shared memory."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, n), "float32"), B: T.Buffer((n, n), "float32"), C: T.Buffer((n, n), "float32")):
            for by in T.thread_binding(n // tile, "blockIdx.y"):
                for bx in T.thread_binding(n // tile, "blockIdx.x"):
                    for ty in T.thread_binding(tile, "threadIdx.y"):
                        for tx in T.thread_binding(tile, "threadIdx.x"):
                            with T.sblock("element"):
                                vy, vx, vi, vj = T.axis.remap("SSSS", [by, bx, ty, tx])
                                total = T.sblock_alloc_buffer((1,), scope="local")
                                a = T.sblock_alloc_buffer((tile, tile), scope="shared")
                                b = T.sblock_alloc_buffer((tile, tile), scope="shared")
                                total[0] = T.float32(0)
                                for k in range(n // tile):
                                    a[vi, vj] = A[vy * tile + vi, k * tile + vj]
                                    b[vi, vj] = B[k * tile + vi, vx * tile + vj]
                                    for s in range(tile):
                                        total[0] = total[0] + a[vi, s] * b[s, vj]
                                C[vy * tile + vi, vx * tile + vj] = total[0]

    return Module
