"""Small GPU kernels with what they compute, found without the simulator: by hand, by NumPy or by counting.

``CASES`` holds them by name. The tests of the simulator run each; the tests against the generated text
compile each as C++ and run that too.
"""

from dataclasses import dataclass, field

import numpy as np
import tvm
from tvm import te
from tvm.s_tir import Schedule
from tvm.script import tirx as T

from mlc_ref.targets import cuda_target

RNG = np.random.default_rng(7)


@dataclass(frozen=True, eq=False)
class Case:
    """A module, its arguments and what it computes.

    Attributes:
        outputs: as ``simulate`` takes them.
        counters: some of what the kernel costs, counted by hand.
    """

    mod: tvm.IRModule
    inputs: list
    outputs: list
    expected: list
    counters: dict[str, int] = field(default_factory=dict)
    rtol: float = 0


CASES: dict[str, Case] = {}


def add(name, func, inputs, outputs, expected, counters=None, rtol=0.0):
    """Enter a kernel whose outputs are ``expected``."""
    mod = func if isinstance(func, tvm.IRModule) else tvm.IRModule({"main": func.with_attr("global_symbol", "main")})
    CASES[name] = Case(mod, inputs, outputs, expected, counters or {}, rtol)


def floats(*shape, dtype="float32"):
    return RNG.random(shape, dtype="float32").astype(dtype)


def like(*arrays):
    return [(a.shape, str(a.dtype)) for a in arrays]


def one(name, func, inputs, expected, **more):
    """A kernel with one output that holds nothing at first."""
    add(name, func, inputs, like(expected), [expected], **more)


# Scalars


@T.prim_func(s_tir=True)
def scaled(alpha: T.float32, A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            vi = T.axis.spatial(64, tx)
            B[vi] = A[vi] * alpha


a64 = floats(64)
one("float_scalar", scaled, [0.5, a64], a64 / 2)


@T.prim_func(s_tir=True)
def shifted_by(n: T.int32, A: T.Buffer((64,), "int32"), B: T.Buffer((64,), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            vi = T.axis.spatial(64, tx)
            B[vi] = A[vi] - n * n


i64 = np.arange(64, dtype="int32") * 3
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


# Vectors the text loads element by element


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


# Parameters


@T.prim_func(s_tir=True)
def parameter_of_vectors(A: T.Buffer((64,), "float32x4"), B: T.Buffer((64,), "float32x4")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = A[v] + T.Broadcast(T.float32(1), 4)


vectors = floats(64, 4)
one(
    "parameter_of_vectors", parameter_of_vectors, [vectors], vectors + 1,
    counters={"global_load_requests": 2, "global_load_sectors": 32},
)  # fmt: skip


@T.prim_func(s_tir=True)
def accumulated(A: T.Buffer((64,), "float32"), C: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("C"):
            v = T.axis.spatial(64, tx)
            C[v] = C[v] + A[v] * A[v]


before = floats(64)
add("read_and_written", accumulated, [a64], [before], [before + a64 * a64], rtol=1e-6)


@T.prim_func(s_tir=True)
def placed(a: T.handle, b: T.handle):
    start, row = T.int32(), T.int32()
    A = T.match_buffer(a, (8, 8), "float32", elem_offset=start, strides=[row, 1])
    B = T.match_buffer(b, (64,), "float32")
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = A[v // 8, v % 8] * T.float32(2)


one("an_offset_and_a_stride_known_when_called", placed, [a64.reshape(8, 8)], a64 * 2)


# Loops and branches on the host


@T.prim_func(s_tir=True)
def powers(n: T.int32, A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("first"):
            v = T.axis.spatial(64, tx)
            B[v] = T.float32(1)
    for i in range(n):
        if i % 2 == 0:
            for tx in T.thread_binding(64, thread="threadIdx.x"):
                with T.sblock("B"):
                    u, v = T.axis.remap("RS", [i, tx])
                    B[v] = B[v] * A[v] + T.Cast("float32", u)


exact = np.ones(64, "float32")
for step in (0, 2, 4):
    exact = exact * a64 + np.float32(step)
one("a_loop_on_the_host", powers, [5, a64], exact, counters={"flops": 3 * 2 * 64}, rtol=1e-6)


def sorted_rows():
    """TVM's own sort by merging: its host starts a kernel for each width of runs."""
    from tvm import topi

    rows = te.placeholder((4, 300), name="A")
    with cuda_target():
        return tvm.IRModule({"main": te.create_prim_func([rows, topi.gpu.sort(rows)])})


shuffled = floats(4, 300)
one("sort", sorted_rows(), [shuffled], np.sort(shuffled, 1))


# Bits, types of few bits


@T.prim_func(s_tir=True)
def counted_bits(A: T.Buffer((64,), "uint32"), B: T.Buffer((4, 64), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[0, v] = T.clz(A[v])
            B[1, v] = T.Cast("int32", T.popcount(A[v]))
            B[2, v] = T.clz(T.Cast("int64", A[v]) - T.int64(1))
            B[3, v] = T.Cast("int32", T.popcount(T.Cast("uint32", v - 3)))


words = np.array([0, 1, 2**31, 2**32 - 1, *RNG.integers(0, 2**32, 60)], "uint32")
counted = [
    [32 - int(w).bit_length() for w in words],
    [int(w).bit_count() for w in words],
    [64 - ((int(w) - 1) % 2**64).bit_length() for w in words],
    [((v - 3) % 2**32).bit_count() for v in range(64)],
]
one("clz_and_popcount", counted_bits, [words], np.array(counted, "int32"))


@T.prim_func(s_tir=True)
def in_bfloat16(A: T.Buffer((64,), "bfloat16"), B: T.Buffer((64,), "bfloat16"), C: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = T.if_then_else(v < 60, A[v] * A[v], A[v]) + T.bfloat16(1.5)
            C[v] = T.Cast("float32", T.max(A[v], T.bfloat16(0.5)))


def bfloat16(exact):
    """Rounded to eight bits, ties to even, by integer arithmetic."""
    bits = np.asarray(exact, "float32").view("uint32")
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).view("float32")


b16 = bfloat16(a64)
sums = bfloat16(np.where(np.arange(64) < 60, bfloat16(b16 * b16), b16) + np.float32(1.5))
add(
    "bfloat16", in_bfloat16, [b16.astype("bfloat16")], [((64,), "bfloat16"), ((64,), "float32")],
    [sums.astype("bfloat16"), np.maximum(b16, np.float32(0.5))],
)  # fmt: skip


@T.prim_func(s_tir=True)
def in_float8(A: T.Buffer((64,), "float8_e4m3fn"), B: T.Buffer((64,), "float8_e4m3fn"), C: T.Buffer((64,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = A[v] + A[v]
            C[v] = T.Cast("float32", A[v])


def e4m3(byte):
    """The number of a byte: sign, four bits of exponent (bias 7), three of fraction; none below 2 ** -6 here."""
    return (-1) ** (byte >> 7) * (8 + byte % 8) * 2.0 ** ((byte >> 3) % 16 - 10)


bytes8 = np.array([8 + i + (128 if i % 2 else 0) for i in range(64)], "uint8")
doubles = (bytes8 + 8).view("float8_e4m3fn")  # twice as much: the exponent one larger
add(
    "float8", in_float8, [bytes8.view("float8_e4m3fn")], [((64,), "float8_e4m3fn"), ((64,), "float32")],
    [doubles, np.array([e4m3(int(b)) for b in bytes8], "float32")],
)  # fmt: skip


# Votes and atomic updates


@T.prim_func(s_tir=True)
def votes(A: T.Buffer((64,), "float32"), B: T.Buffer((2, 64), "uint32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[0, v] = T.call_pure_extern("uint32", "__ballot_sync", T.uint32(0xFFFFFFFF), A[v] < T.float32(0.5))
            B[1, v] = T.call_pure_extern("uint32", "__ballot_sync", T.uint32(0xFFFFFFFF), v % 3)


def ballot(chosen):
    return np.repeat([sum(int(c) << i for i, c in enumerate(half)) for half in np.reshape(chosen, (2, 32))], 32)


one("votes", votes, [a64], np.array([ballot(a64 < 0.5), ballot(np.arange(64) % 3 != 0)], "uint32"))


@T.prim_func(s_tir=True)
def tickets(A: T.Buffer((64,), "int32"), count: T.Buffer((4,), "int32"), B: T.Buffer((64,), "int32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            B[v] = T.call_extern("int32", "atomicAdd", T.address_of(count[A[v]]), 2) * 10 + 1


groups = RNG.integers(0, 4, 64).astype("int32")
earlier = np.array([(groups[:i] == g).sum() for i, g in enumerate(groups)])
start = np.array([5, 6, 7, 8], "int32")
add(
    "values_of_atomic_updates", tickets, [groups], [start, ((64,), "int32")],
    [start + 2 * np.bincount(groups, minlength=4).astype("int32"), ((start[groups] + 2 * earlier) * 10 + 1).astype("int32")],
)  # fmt: skip


@T.prim_func(s_tir=True)
def atomic_updates(A: T.Buffer((64,), "int32"), B: T.Buffer((8,), "int32"), C: T.Buffer((1,), "float32")):
    for tx in T.thread_binding(64, thread="threadIdx.x"):
        with T.sblock("B"):
            v = T.axis.spatial(64, tx)
            T.evaluate(T.call_extern("int32", "atomicMax", T.address_of(B[0]), A[v]))
            T.evaluate(T.call_extern("int32", "atomicMin", T.address_of(B[1]), A[v]))
            T.evaluate(T.call_extern("int32", "atomicAnd", T.address_of(B[2]), A[v]))
            T.evaluate(T.call_extern("int32", "atomicOr", T.address_of(B[3]), A[v]))
            T.evaluate(T.call_extern("int32", "atomicXor", T.address_of(B[4]), A[v]))
            T.evaluate(T.call_extern("int32", "atomicSub", T.address_of(B[5]), A[v]))
            T.evaluate(T.call_extern("int32", "atomicCAS", T.address_of(B[6]), 6, v))
            T.evaluate(T.call_extern("int32", "atomicExch", T.address_of(B[7]), 3))
            T.evaluate(T.call_extern("float32", "atomicAdd", T.address_of(C[0]), T.float32(0.5)))


numbers = RNG.integers(-1000, 1000, 64).astype("int32")
reduced = [f.reduce(numbers) for f in (np.maximum, np.minimum, np.bitwise_and, np.bitwise_or, np.bitwise_xor)]
slots = np.array([-(2**31), 2**31 - 1, -1, 0, 0, 0, 6, 9], "int32")
add(
    "atomic_updates", atomic_updates, [numbers], [slots, np.ones(1, "float32")],
    [np.array([*reduced, -numbers.sum(), 0, 3], "int32"), np.array([33], "float32")], {"flops": 64},
)  # fmt: skip


# One buffer, seen as several types


def turned(fill=True, first_barrier=True):
    """Halves of a block, as words and turned round; the same shared memory then holds floats."""

    @T.prim_func(s_tir=True, check_well_formed=False)
    def kernel(A: T.Buffer((256,), "float16"), B: T.Buffer((128,), "float32"), C: T.Buffer((128,), "uint32")):
        block = T.launch_thread("blockIdx.x", 2)
        tx = T.launch_thread("threadIdx.x", 64)
        x = T.alloc_buffer((128,), "float16", scope="shared")
        y = T.decl_buffer((64,), "float32", data=x.data, scope="shared")
        z = T.decl_buffer((64,), "uint32", data=x.data, scope="shared")
        r = T.alloc_buffer((1,), "float32", scope="local")
        x[tx] = A[block * 128 + tx]
        if fill:
            x[tx + 64] = A[block * 128 + tx + 64]
        T.evaluate(T.tvm_storage_sync("shared"))
        r[0] = T.Cast("float32", x[127 - tx * 2]) if fill else T.float32(0)
        C[block * 64 + tx] = z[tx]
        if first_barrier:
            T.evaluate(T.tvm_storage_sync("shared"))
        y[tx] = r[0]
        T.evaluate(T.tvm_storage_sync("shared"))
        B[block * 64 + tx] = y[63 - tx]

    return kernel


h256 = floats(256, dtype="float16")
odd = h256[1::2].astype("float32")
add(
    "shared_memory_of_several_types", turned(), [h256], like(odd, h256.view("uint32")), [odd, h256.view("uint32")],
    {"shared_bytes_per_block": 256},
)  # fmt: skip


# Buffers of one name


def bound(a, b, threads=32):
    schedule = Schedule(te.create_prim_func([a, b]).with_attr("global_symbol", "main"))
    (loop,) = schedule.get_loops(schedule.get_child_blocks(schedule.get_sblock("root"))[0])
    for part, axis in zip(schedule.split(loop, [None, threads]), ("blockIdx.x", "threadIdx.x"), strict=True):
        schedule.bind(part, axis)
    return schedule.mod


def same_name(n, m, index):
    a = te.placeholder((n,), name="T")
    return bound(a, te.compute((m,), lambda i: a[index(i)] + 1, name="T"))


a256 = floats(256)
one("one_name_and_a_longer_output", same_name(64, 128, lambda i: i // 2), [a64], np.repeat(a64, 2) + 1)
one("one_name_and_a_shorter_output", same_name(256, 64, lambda i: i * 4 + 3), [a256], a256[3::4] + 1)
