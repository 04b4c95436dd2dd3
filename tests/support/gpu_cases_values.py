"""Kernels that hold what values are and how often they are computed: types, vectors, flops, loads."""

import numpy as np
from gpu_case import a64, add, floats, i64, like, one
from tvm.script import tirx as T

# Scalars


@T.prim_func(s_tir=True)
def scaled(alpha: T.float32, A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            vi = T.axis.spatial(64, tx)
            B[vi] = A[vi] * alpha


one("float_scalar", scaled, [0.5, a64], a64 / 2)


@T.prim_func(s_tir=True)
def shifted_by(n: T.int32, A: T.Buffer((64,), "int32"), B: T.Buffer((64,), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            vi = T.axis.spatial(64, tx)
            B[vi] = A[vi] - n * n


one("integer_scalar_wraps", shifted_by, [65537, i64], i64 - 131073)  # 65537 ** 2 == 2 ** 32 + 131073


# Integers of coordinates and loop counters wrap around


@T.prim_func(s_tir=True)
def hashed(B: T.Buffer((32, 8), "uint32")):
    for tx in T.thread_binding(32, thread="threadIdx.x"):
        for i in range(8):
            with T.sblock("B"):
                v, w = T.axis.remap("SS", [tx, i])
                B[v, w] = T.shift_right(T.Cast("uint32", w) * T.uint32(2654435761), T.uint32(16))


hashes = (np.arange(8, dtype="uint64") * 2654435761 % 2**32 >> 16).astype("uint32")
one("uint32_of_a_loop_counter", hashed, [], np.tile(hashes, (32, 1)))


def wrapped(exact, dtype):
    """Python's exact integers, brought into a type."""
    bits = np.iinfo(dtype).bits
    low = np.iinfo(dtype).min
    return np.array([(int(e) - low) % 2**bits + low for e in exact], dtype)


@T.prim_func(s_tir=True)
def generated(B: T.Buffer((64,), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = T.shift_right(v * 1103515245 + 12345, 3)


one("int32_of_the_thread_index", generated, [], wrapped([i * 1103515245 + 12345 for i in range(64)], "int32") >> 3)


@T.prim_func(s_tir=True)
def unsigned_index(A: T.Buffer((64,), "int32"), B: T.Buffer((64,), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = A[T.Cast("int32", T.Cast("uint32", v) * T.uint32(2654435761) + T.uint32(7)) & 63]


places = [(i * 2654435761 + 7) % 2**32 & 63 for i in range(64)]
one("uint32_index", unsigned_index, [i64], i64[places])


@T.prim_func(s_tir=True)
def bytes_of_coordinates(B: T.Buffer((2, 64), "int8"), C: T.Buffer((2, 64), "int64")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        for i in range(2):
            with T.sblock("B"):
                v, r = T.axis.remap("SS", [tx, i])
                B[r, v] = T.Cast("int8", v) * T.Cast("int8", v + r)
                C[r, v] = T.Cast("int64", v) * T.int64(3000000000) + T.Cast("int64", r)


small = [wrapped([i * (i + r) for i in range(64)], "int8") for r in range(2)]
large = [np.arange(64) * 3000000000 + r for r in range(2)]
add(
    "int8_and_int64_of_coordinates", bytes_of_coordinates, [],
    [((2, 64), "int8"), ((2, 64), "int64")], [np.array(small), np.array(large)],
)  # fmt: skip


@T.prim_func(s_tir=True)
def selected(B: T.Buffer((4, 64), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        for i in range(4):
            with T.sblock("B"):
                v, r = T.axis.remap("SS", [tx, i])
                B[r, v] = T.Select(r < 2, 2147483647, 5) + T.if_then_else(v < 32, 1, 2) * (r + 1)


rows = [[(2147483647 if r < 2 else 5) + (1 if v < 32 else 2) * (r + 1) for v in range(64)] for r in range(4)]
one("a_choice_of_constants_wraps", selected, [], np.array([wrapped(r, "int32") for r in rows]))


@T.prim_func(s_tir=True)
def smallest_divided(A: T.Buffer((64,), "int32"), B: T.Buffer((2, 64), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[0, v] = T.truncdiv(A[v], 2)
            B[1, v] = T.truncmod(A[v], 3)


smallest = np.array([-(2**31), -(2**31) + 1, -3, -1, 0, 1, 3, 2**31 - 1] * 8, "int32")
quotients = [[abs(int(x)) // 2 * (-1 if x < 0 else 1) for x in smallest], [int(np.fmod(int(x), 3)) for x in smallest]]
one("the_smallest_integer_divided", smallest_divided, [smallest], np.array(quotients, "int32"))


# The same bits as another type


@T.prim_func(s_tir=True)
def below_infinity(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = T.min(A[v], T.reinterpret("float32", T.uint32(0x7F800000)))


one("reinterpret_of_a_constant", below_infinity, [a64], a64)


@T.prim_func(s_tir=True)
def bits_of_the_index(B: T.Buffer((64,), "float32"), C: T.Buffer((64,), "uint32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = T.reinterpret("float32", v + 1065353216)
            C[v] = T.reinterpret("uint32", T.Cast("float32", v))


index_bits = (np.arange(64, dtype="int32") + 1065353216).view("float32")
float_bits = np.arange(64).astype("float32").view("uint32")
add("reinterpret_of_an_index", bits_of_the_index, [], like(index_bits, float_bits), [index_bits, float_bits])


@T.prim_func(s_tir=True)
def halves_of_words(A: T.Buffer((64,), "uint32"), B: T.Buffer((128,), "float16")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[T.Ramp(v * 2, 1, 2)] = T.reinterpret("float16x2", A[v])


halves = floats(128, dtype="float16")
one("two_halves_of_a_word", halves_of_words, [halves.view("uint32")], halves)


@T.prim_func(s_tir=True)
def words_of_halves(A: T.Buffer((128,), "float16"), B: T.Buffer((64,), "uint32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = T.reinterpret("uint32", A[T.Ramp(v * 2, 1, 2)])


one("a_word_of_two_halves", words_of_halves, [halves], halves.view("uint32"))


# Maximum and minimum of what is no number


def extreme(dtype):
    @T.prim_func(s_tir=True)
    def kernel(A: T.Buffer((64,), dtype), B: T.Buffer((4, 64), dtype)):
        for tx in T.thread_binding(64, thread="threadIdx.x"):
            with T.sblock("B"):
                v = T.axis.spatial(64, tx)
                B[0, v] = T.max(A[v], T.Cast(dtype, T.float32(0)))
                B[1, v] = T.min(A[v], T.Cast(dtype, T.float32(0)))
                B[2, v] = T.max(T.Cast(dtype, T.float32(0)), A[v])
                B[3, v] = T.min(T.Cast(dtype, T.float32(0)), A[v])

    return kernel


signed = floats(64) - np.float32(0.5)
signed[5] = np.nan
zero = np.float32(0)
bounds = np.array([np.where(signed > 0, signed, 0), np.where(signed < 0, signed, 0)] * 2, "float32")
for chosen in ("float32", "float64"):
    one(f"extremes_of_{chosen}", extreme(chosen), [signed.astype(chosen)], bounds.astype(chosen))
half_bounds = bounds.astype("float16")
half_bounds[2:, 5] = np.nan  # ``0 > NaN ? 0 : NaN``
one("extremes_of_float16", extreme("float16"), [signed.astype("float16")], half_bounds)


# What runs how often


@T.prim_func(s_tir=True)
def condition(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            if A[v] * T.float32(2) > T.float32(1):
                B[v] = T.float32(1)
            else:
                B[v] = T.float32(0)


one("flops_of_a_condition", condition, [a64], (a64 * 2 > 1).astype("float32"), counters={"flops": 64})


@T.prim_func(s_tir=True)
def doubled_until(A: T.Buffer((32,), "float32"), B: T.Buffer((32,), "int32")):
    for tx in T.thread_binding(32, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(32, tx)
            c = T.sblock_alloc_buffer((1,), "int32", scope="local")
            x = T.sblock_alloc_buffer((1,), "float32", scope="local")
            x[0] = A[v]
            c[0] = 0
            while x[0] * T.float32(2) < T.float32(16):
                x[0] = x[0] + T.float32(1)
                c[0] = c[0] + 1
            B[v] = c[0]


starts = np.arange(32, dtype="float32") % 8
turns = 8 - starts.astype("int32")
add(
    "flops_of_a_while_condition", doubled_until, [starts], [((32,), "int32")], [turns],
    {"flops": int((2 * turns + 1).sum())},  # an addition a turn; a multiplication a turn and one that ends it
)  # fmt: skip


@T.prim_func(s_tir=True)
def second_condition(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            if v < 48 and A[v] * T.float32(2) > T.float32(1):
                B[v] = T.float32(1)
            else:
                B[v] = T.float32(0)


one(
    "flops_of_the_second_half_of_a_condition", second_condition, [a64],
    ((np.arange(64) < 48) & (a64 * 2 > 1)).astype("float32"), counters={"flops": 48, "global_load_sectors": 6},
)  # fmt: skip


@T.prim_func(s_tir=True)
def squared(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            x = T.float32()
            B[v] = T.Let(x * x + x, where={x: A[v] + T.float32(1)})


one(
    "loads_of_a_let", squared, [a64], (a64 + 1) * (a64 + 1) + (a64 + 1), rtol=1e-6,
    counters={"global_load_requests": 2, "global_load_sectors": 8, "flops": 3 * 64},
)  # fmt: skip
