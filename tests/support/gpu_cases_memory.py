"""Kernels that hold what memory is: parameters, the host's part, types of few bits, votes and atomic updates."""

import numpy as np
import tvm
from gpu_case import RNG, a64, add, floats, like, one
from tvm import te
from tvm.s_tir import Schedule
from tvm.script import tirx as T

from mlc_ref.targets import cuda_target

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
