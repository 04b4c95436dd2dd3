"""Single instructions of a warp that TVM's own tests use: shapes of ``mma``, forms of ``ldmatrix``, ``cp.async``, ``__dp4a``."""

import numpy as np
import pytest
import tvm
from tvm.script import tirx as T

from mlc_ref.gpu_sim import DataRace, OutOfBounds, UninitializedRead, Unsupported, simulate

RNG = np.random.default_rng(3)

# For each shape the layout of PTX ISA's "Matrix fragments for mma": places of register i of a lane in A, B and C.
SHAPES = {
    "m8n8k4": (
        (8, 4, "float64", "float64"),
        lambda t, i: (t // 4, t % 4),
        lambda t, i: (t % 4, t // 4),
        lambda t, i: (t // 4, t % 4 * 2 + i),
    ),
    "m8n8k16": (
        (8, 16, "int8", "int32"),
        lambda t, i: (t // 4, t % 4 * 4 + i),
        lambda t, i: (t % 4 * 4 + i, t // 4),
        lambda t, i: (t // 4, t % 4 * 2 + i),
    ),
    "m16n8k8": (
        (16, 8, "float16", "float32"),
        lambda t, i: (t // 4 + i // 2 * 8, t % 4 * 2 + i % 2),
        lambda t, i: (t % 4 * 2 + i, t // 4),
        lambda t, i: (t // 4 + i // 2 * 8, t % 4 * 2 + i % 2),
    ),
    "m16n8k16": (
        (16, 16, "int8", "int32"),
        lambda t, i: (t // 4 + i // 4 * 8, t % 4 * 4 + i % 4),
        lambda t, i: (t % 4 * 4 + i, t // 4),
        lambda t, i: (t // 4 + i // 2 * 8, t % 4 * 2 + i % 2),
    ),
}


def mma_program(shape, saturate=False):
    """C = A @ B of one warp, each operand loaded into registers and stored from them by the layout."""
    (m, k, dtype, result), place_a, place_b, place_c = SHAPES[shape]
    of_a, of_b, of_c = m * k // 32, 8 * k // 32, m * 8 // 32
    short = {"float64": "fp64", "int8": "int8", "float16": "fp16"}[dtype]
    total = {"float64": "fp64", "int32": "int32", "float32": "fp32"}[result]

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((m, k), dtype), B: T.Buffer((k, 8), dtype), C: T.Buffer((m, 8), result)):
        tx = T.launch_thread("threadIdx.x", 32)
        with T.sblock():
            a = T.sblock_alloc_buffer((of_a,), dtype, scope="local")
            b = T.sblock_alloc_buffer((of_b,), dtype, scope="local")
            c = T.sblock_alloc_buffer((of_c,), result, scope="local")
            for i in range(of_a):
                a[i] = A[place_a(tx, i)[0], place_a(tx, i)[1]]
            for i in range(of_b):
                b[i] = B[place_b(tx, i)[0], place_b(tx, i)[1]]
            for i in range(of_c):
                c[i] = T.Cast(result, 1)
            T.evaluate(
                T.ptx_legacy.mma(
                    shape, "row", "col", short, short, total, a.data, 0, b.data, 0, c.data, 0, saturate, dtype=result
                )
            )
            for i in range(of_c):
                C[place_c(tx, i)[0], place_c(tx, i)[1]] = c[i]

    return tvm.IRModule.from_expr(main.with_attr("global_symbol", "main"))


@pytest.mark.parametrize("shape", SHAPES)
def test_mma_of_every_shape_is_a_matrix_product(shape):
    (m, k, dtype, result), *_ = SHAPES[shape]
    a, b = (RNG.integers(-9, 9, size).astype(dtype) for size in ((m, k), (k, 8)))
    found = simulate(mma_program(shape), [a, b], [((m, 8), result)])
    np.testing.assert_array_equal(found.outputs[0], a.astype(result) @ b.astype(result) + 1)
    assert found.counters.matrix_instructions == 1
    assert found.counters.matrix_operations == 2 * m * 8 * k


@pytest.mark.parametrize("shape", SHAPES)
def test_mma_that_saturates_is_refused(shape):
    """A sum of it would be the largest number of its type where ``multiply`` wraps around."""
    (m, k, dtype, result), *_ = SHAPES[shape]
    with pytest.raises(Unsupported, match=f"mma {shape} row col saturate"):
        simulate(mma_program(shape, True), [np.zeros((m, k), dtype), np.zeros((k, 8), dtype)], [((m, 8), result)])


def ldmatrix_program(count, transposed, dtype="float16", stride=8, rows=32, others=0, named=32):
    """Each lane's registers of ``ldmatrix``; lane i names row i of the shared buffer, whose first 32 rows are written.

    ``others``: by how many rows the lanes from ``named`` on are off.
    """
    width = 16 if transposed and dtype == "int8" else count * 4 // np.dtype(dtype).itemsize
    columns = 16 if dtype == "int8" else 8

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((32, columns), dtype), B: T.Buffer((32, width), dtype)):
        tx = T.launch_thread("threadIdx.x", 32)
        with T.sblock():
            shared = T.sblock_alloc_buffer((rows, columns), dtype, scope="shared")
            local = T.sblock_alloc_buffer((width,), dtype, scope="local")
            for j in range(columns):
                shared[tx, j] = A[tx, j]
            T.evaluate(T.tvm_storage_sync("shared"))
            T.evaluate(
                T.ptx_legacy.ldmatrix(
                    transposed,
                    count,
                    ".b16",
                    local.data,
                    0,
                    shared.data,
                    stride if dtype == "int8" else (tx + T.if_then_else(tx < named, 0, others)) * 8,
                    dtype=dtype,
                )
            )
            for i in range(width):
                B[tx, i] = local[i]

    return tvm.IRModule.from_expr(main.with_attr("global_symbol", "main"))


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize(("others", "rows"), [(0, 32), (32, 32), (1 << 20, 32), (-64, 32), (32, 64)])
def test_ldmatrix_gives_each_lane_two_elements_of_each_matrix(count, transposed, others, rows):
    """Lanes from ``8 * count`` on name no row: what they name may lie outside the buffer, or be unwritten."""
    a = np.arange(256, dtype="float16").reshape(32, 8)
    program = ldmatrix_program(count, transposed, rows=rows, others=others, named=8 * count)
    found = simulate(program, [a], [((32, 2 * count), "float16")])
    matrices = a.reshape(4, 8, 8)[:count]
    if transposed:
        matrices = matrices.transpose(0, 2, 1)
    np.testing.assert_array_equal(found.outputs[0], matrices.reshape(count, 32, 2).transpose(1, 0, 2).reshape(32, -1))
    loads = [row.counters.shared_load_requests for row in found.kernels[0].statements if "ldmatrix" in row.statement]
    assert loads == [1]


@pytest.mark.parametrize(("rows", "error"), [(32, OutOfBounds), (64, UninitializedRead)])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_ldmatrix_looks_at_every_row_of_its_matrices(count, rows, error):
    last = 8 * count - 1
    program = ldmatrix_program(count, False, rows=rows, others=32, named=last)
    with pytest.raises(error, match=rf"thread \({last}, 0, 0\), buffer shared"):
        simulate(program, [np.zeros((32, 8), "float16")], [((32, 2 * count), "float16")])


def test_ldmatrix_of_transposed_bytes_is_the_loop_that_the_text_has():
    a = RNG.integers(-128, 128, (32, 16)).astype("int8")
    found = simulate(ldmatrix_program(4, True, "int8", stride=16), [a], [((32, 16), "int8")])
    lane, i = np.arange(32)[:, None], np.arange(16)
    expected = a[i % 8 // 4 * 16 + lane % 4 * 4 + i % 4, lane // 4 + i // 8 * 8]
    np.testing.assert_array_equal(found.outputs[0], expected)
    loads = [row.counters.shared_load_requests for row in found.kernels[0].statements if "ldmatrix" in row.statement]
    assert loads == [16]


def test_ldmatrix_of_three_matrices_is_refused():
    with pytest.raises(Unsupported, match=r"ldmatrix\.x3"):
        simulate(ldmatrix_program(3, False), [np.zeros((32, 8), "float16")], [((32, 6), "float16")])


def copying(wait, groups=1):
    """Each thread copies its row to shared memory by ``cp.async``, in the first of the groups, and back; ``wait`` may be left."""

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((32, 8), "float16"), B: T.Buffer((32, 8), "float16")):
        tx = T.launch_thread("threadIdx.x", 32)
        with T.sblock():
            shared = T.sblock_alloc_buffer((32, 8), "float16", scope="shared")
            T.evaluate(T.s_tir.cp_async_raw.legacy(shared.data, tx * 8, A.data, tx * 8, 16, dtype="float16"))
            for _ in range(groups):
                T.evaluate(T.ptx.cp.async_.commit_group())
            T.evaluate(T.ptx.cp.async_.wait_group(wait))
            for i in range(8):
                B[tx, i] = shared[tx, i]

    return tvm.IRModule.from_expr(main.with_attr("global_symbol", "main"))


def test_copies_are_waited_for_by_the_instructions_of_ptx():
    a = RNG.random((32, 8)).astype("float16")
    np.testing.assert_array_equal(simulate(copying(0), [a], [(a.shape, "float16")]).outputs[0], a)
    with pytest.raises(DataRace, match="asynchronous copy"):
        simulate(copying(1), [a], [(a.shape, "float16")])


@pytest.mark.parametrize(("groups", "left"), [(1, 1), (2, 2), (2, 3), (3, 5)])
def test_a_wait_that_leaves_as_many_groups_as_there_are_waits_for_none(groups, left):
    with pytest.raises(DataRace, match="asynchronous copy"):
        simulate(copying(left, groups), [np.zeros((32, 8), "float16")], [((32, 8), "float16")])


def dp4a_program(one, other, total="int32"):
    """C = __dp4a(A, B, C) in each of 32 threads."""

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((32,), one), B: T.Buffer((32,), other), C: T.Buffer((32,), total)):
        tx = T.launch_thread("threadIdx.x", 32)
        with T.sblock():
            C[tx] = T.call_pure_extern(total, "__dp4a", A[tx], B[tx], C[tx])

    return tvm.IRModule.from_expr(main.with_attr("global_symbol", "main"))


@pytest.mark.parametrize(("dtype", "total"), [("int8", "int32"), ("uint8", "uint32")])
def test_dp4a_adds_four_products_of_bytes(dtype, total):
    limits = np.iinfo(dtype)
    a, b = (RNG.integers(limits.min, limits.max + 1, (32, 4)).astype(dtype) for _ in range(2))
    a[0], b[0] = limits.min, limits.max
    found = simulate(dp4a_program(f"{dtype}x4", f"{dtype}x4", total), [a, b], [np.full(32, 5, total)]).outputs[0]
    np.testing.assert_array_equal(found, (a.astype(int) * b.astype(int)).sum(1) + 5)


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [
        ("int32", "int32", "int32"),
        ("int8x4", "uint8x4", "int32"),
        ("uint8x4", "int8x4", "uint32"),
        ("int8x2", "int8x2", "int32"),
        ("int16x4", "int16x4", "int32"),
        ("int8x4", "int32", "int32"),
        ("int8x4", "int8x4", "float32"),
    ],
)
def test_dp4a_of_other_types_is_refused_by_name(one, other, total):
    given = [np.ones((32, int(t.partition("x")[2] or 1)), t.partition("x")[0]).squeeze() for t in (one, other)]
    with pytest.raises(Unsupported, match=rf"__dp4a\({one}, {other}, {total}\)"):
        simulate(dp4a_program(one, other, total), given, [np.zeros(32, total)])


@pytest.mark.parametrize("arguments", [(7, 1), (1,)])
def test_dp4a_of_a_number_or_of_another_count_is_refused_by_name(arguments):
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((32,), "int8x4"), C: T.Buffer((32,), "int32")):
        tx = T.launch_thread("threadIdx.x", 32)
        with T.sblock():
            C[tx] = T.call_pure_extern("int32", "__dp4a", A[tx], *arguments)

    mod = tvm.IRModule.from_expr(main.with_attr("global_symbol", "main"))
    with pytest.raises(Unsupported, match=rf"__dp4a\(int8x4{', int32' * len(arguments)}\)"):
        simulate(mod, [np.ones((32, 4), "int8")], [np.zeros(32, "int32")])


def stepping(start, stop, step):
    """Each thread adds 1 to each element that its loop comes to; the bounds are functions of the thread and of a loop around."""

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((32, 100), "int32"), S: T.Buffer((32,), "int32")):
        tx = T.launch_thread("threadIdx.x", 32)
        with T.sblock():
            for k in range(2):
                for i in T.serial(start(tx, k), stop(tx, k), step=step(tx, k, S)):
                    A[tx, i] = A[tx, i] + 1

    return tvm.IRModule.from_expr(main.with_attr("global_symbol", "main"))


def run_with_steps(program):
    with tvm.transform.PassContext(disabled_pass=["s_tir.CanonicalizeLoop"]):
        return simulate(program, [], [np.zeros((32, 100), "int32"), np.ones(32, "int32")]).outputs[0]


@pytest.mark.parametrize("start", [lambda t, k: 0, lambda t, k: t], ids=["uniform", "by_lane"])
@pytest.mark.parametrize("stop", [lambda t, k: 100, lambda t, k: 100 - t], ids=["uniform", "by_lane"])
def test_a_loop_takes_its_step(start, stop):
    """Also one that depends on the loop around it."""
    found = run_with_steps(stepping(start, stop, lambda t, k, s: 7 * k + 3))
    expected = np.zeros((32, 100), int)
    for t in range(32):
        for k in range(2):
            expected[t, start(t, k) : stop(t, k) : 7 * k + 3] += 1
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("step", "named"),
    [
        (lambda t, k, s: 0, "step is 0"),
        (lambda t, k, s: -1, "step is -1"),
        (lambda t, k, s: 1 - k, "step is 0"),
        (lambda t, k, s: 3 - 8 * k, "step is -5"),
        (lambda t, k, s: t + 1, "may differ between threads"),
        (lambda t, k, s: s[0], "may differ between threads"),
    ],
    ids=["zero", "negative", "zero_later", "negative_later", "by_lane", "read"],
)
@pytest.mark.parametrize("start", [lambda t, k: 0, lambda t, k: t], ids=["uniform", "by_lane"])
def test_a_step_that_is_not_positive_or_not_the_same_in_all_threads_is_refused(start, step, named):
    with pytest.raises(Unsupported, match=rf"{named}.*statement: for i in"):
        run_with_steps(stepping(start, lambda t, k: 100, step))
