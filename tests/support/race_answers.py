"""Kernels handed in for the exercise on a race: repaired in other ways, still wrong, or without shared memory."""

from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def two_buffers(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
    """Reads and writes change places each round: one barrier a round is enough."""
    for bx in T.thread_binding(4, thread="blockIdx.x"):
        for tx in T.thread_binding(64, thread="threadIdx.x"):
            with T.sblock("kernel"):
                S = T.sblock_alloc_buffer((2, 64), "float32", scope="shared")
                S[0, tx] = A[bx * 64 + tx]
                for step in range(3):
                    T.evaluate(T.tvm_storage_sync("shared"))
                    S[(step + 1) % 2, tx] = (S[step % 2, tx] + S[step % 2, (tx + 1) % 64]) * T.float32(0.5)
                T.evaluate(T.tvm_storage_sync("shared"))
                if tx < 32:
                    B[bx * 32 + tx] = S[1, tx] + S[1, tx + 32]


@T.prim_func(s_tir=True)
def race_left(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
    for bx in T.thread_binding(4, thread="blockIdx.x"):
        for tx in T.thread_binding(64, thread="threadIdx.x"):
            with T.sblock("kernel"):
                S = T.sblock_alloc_buffer((64,), "float32", scope="shared")
                mean = T.sblock_alloc_buffer((1,), "float32", scope="local")
                S[tx] = A[bx * 64 + tx]
                for _ in range(3):
                    T.evaluate(T.tvm_storage_sync("shared"))
                    mean[0] = (S[tx] + S[(tx + 1) % 64]) * T.float32(0.5)
                    S[tx] = mean[0]
                T.evaluate(T.tvm_storage_sync("shared"))
                if tx < 32:
                    B[bx * 32 + tx] = S[tx] + S[tx + 32]


@T.prim_func(s_tir=True)
def wasteful(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
    for bx in T.thread_binding(4, thread="blockIdx.x"):
        for tx in T.thread_binding(64, thread="threadIdx.x"):
            with T.sblock("kernel"):
                S = T.sblock_alloc_buffer((64,), "float32", scope="shared")
                mean = T.sblock_alloc_buffer((1,), "float32", scope="local")
                S[tx] = A[bx * 64 + tx]
                for _ in range(3):
                    T.evaluate(T.tvm_storage_sync("shared"))
                    mean[0] = (S[tx] + S[(tx + 1) % 64]) * T.float32(0.5)
                    T.evaluate(T.tvm_storage_sync("shared"))
                    S[tx] = mean[0]
                    T.evaluate(T.tvm_storage_sync("shared"))
                if tx < 32:
                    B[bx * 32 + tx] = S[tx] + S[tx + 32]


@T.prim_func(s_tir=True)
def without_shared_memory(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
    """Three rounds are a sum with weights 1, 3, 3, 1: every element is loaded several times."""
    for bx in T.thread_binding(4, thread="blockIdx.x"):
        for tx in T.thread_binding(32, thread="threadIdx.x"):
            with T.sblock("kernel"):
                B[bx * 32 + tx] = (
                    A[bx * 64 + tx] + T.float32(3) * A[bx * 64 + tx + 1]
                    + T.float32(3) * A[bx * 64 + tx + 2] + A[bx * 64 + tx + 3]
                    + A[bx * 64 + tx + 32] + T.float32(3) * A[bx * 64 + (tx + 33) % 64]
                    + T.float32(3) * A[bx * 64 + (tx + 34) % 64] + A[bx * 64 + (tx + 35) % 64]
                ) * T.float32(0.125)  # fmt: skip


@T.prim_func(s_tir=True)
def one_round_short(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
    for bx in T.thread_binding(4, thread="blockIdx.x"):
        for tx in T.thread_binding(64, thread="threadIdx.x"):
            with T.sblock("kernel"):
                S = T.sblock_alloc_buffer((2, 64), "float32", scope="shared")
                S[0, tx] = A[bx * 64 + tx]
                for step in range(2):
                    T.evaluate(T.tvm_storage_sync("shared"))
                    S[(step + 1) % 2, tx] = (S[step % 2, tx] + S[step % 2, (tx + 1) % 64]) * T.float32(0.5)
                T.evaluate(T.tvm_storage_sync("shared"))
                if tx < 32:
                    B[bx * 32 + tx] = S[0, tx] + S[0, tx + 32]
