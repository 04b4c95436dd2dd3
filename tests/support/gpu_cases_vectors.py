"""Kernels with vectors that the generated text loads element by element."""

from gpu_case import a64, floats, one
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def late_vector(A: T.Buffer((260,), "float32"), B: T.Buffer((256,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        for v in T.vectorized(4):
            with T.sblock("B"):
                vi = T.axis.spatial(256, tx * 4 + v)
                B[vi] = A[vi + 1]


a260 = floats(260)
one(
    "vector_that_starts_late", late_vector, [a260], a260[1:257],
    counters={"global_load_requests": 2 * 4, "global_store_requests": 2},
)  # fmt: skip


@T.prim_func(s_tir=True)
def rows_of_any_length(a: T.handle, b: T.handle):
    n = T.int32()
    A = T.match_buffer(a, (8, n), "float32")
    B = T.match_buffer(b, (8, n), "float32")
    for bx in T.thread_binding(8, thread="blockIdx.x"):
        for tx in T.thread_binding(32, thread="threadIdx.x"):
            for v in T.vectorized(4):
                with T.sblock("B"):
                    vi = T.axis.spatial(8, bx)
                    vj = T.axis.spatial(n, tx * 4 + v)
                    B[vi, vj] = A[vi, vj] + T.float32(1)


rows_128 = floats(8, 128)
one(
    "rows_of_any_length", rows_of_any_length, [rows_128], rows_128 + 1,
    counters={"global_load_requests": 8 * 4, "global_load_sectors": 8 * 4 * 16, "global_store_requests": 8},
)  # fmt: skip


@T.prim_func(s_tir=True)
def rows_of_known_length(A: T.Buffer((8, 128), "float32"), B: T.Buffer((8, 128), "float32")):
    for bx in T.thread_binding(8, thread="blockIdx.x"):
        for tx in T.thread_binding(32, thread="threadIdx.x"):
            for v in T.vectorized(4):
                with T.sblock("B"):
                    vi = T.axis.spatial(8, bx)
                    vj = T.axis.spatial(128, tx * 4 + v)
                    B[vi, vj] = A[vi, vj] + T.float32(1)


one(
    "rows_of_known_length", rows_of_known_length, [rows_128], rows_128 + 1,
    counters={"global_load_requests": 8, "global_load_sectors": 8 * 16, "global_store_requests": 8},
)  # fmt: skip


@T.prim_func(s_tir=True)
def reversed_pairs(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(32, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(32, tx)
            B[T.Ramp(v * 2, 1, 2)] = T.Shuffle([A[T.Ramp(v * 2, 1, 2)]], [1, 0])


one("elements_of_a_vector_in_another_order", reversed_pairs, [a64], a64.reshape(32, 2)[:, ::-1].reshape(64).copy())
