"""Every GPU schedule runs in the simulator, gives NumPy's numbers, and moves what it says it moves."""

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu import codegen, programs, reference
from mlc_ref.gpu.schedules import matmul, reduction, transpose, vector_add, window_sum
from mlc_ref.gpu.schedules.matmul import Tiling
from mlc_ref.gpu.synchronization import programs as synchronization
from mlc_ref.gpu_sim import BarrierDivergence, DataRace, Options, simulate
from mlc_ref.harness import error_bound

LENGTHS = [1024, 1000, 9, 1]
MATRICES = [(64, 96), (33, 50), (1, 1)]
PRODUCTS = [(128, 128, 64), (100, 70, 30), (1, 1, 1)]


def uniform(*shape):
    return np.random.default_rng(sum(shape)).random(shape, dtype="float32")


def execute(mod, inputs, expected, sum_length=1):
    """Simulate with every check on, compare with the oracle, return the result."""
    result = simulate(mod, inputs, [(expected.shape, "float32")])
    np.testing.assert_allclose(result.outputs[0], expected, rtol=2 * error_bound(sum_length + 1))
    return result


# Element-wise


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("schedule", [vector_add.one_element_a_thread, vector_add.one_vector_a_thread])
def test_vector_add(schedule, n):
    a, b = uniform(n), uniform(n)
    execute(schedule(Schedule(programs.vector_add(n))).mod, [a, b], reference.vector_add(a, b))


def test_vectors_ask_for_the_same_bytes_in_a_quarter_of_the_requests():
    a, b = uniform(1024), uniform(1024)
    expected = reference.vector_add(a, b)
    one = execute(vector_add.one_element_a_thread(Schedule(programs.vector_add(1024))).mod, [a, b], expected)
    four = execute(vector_add.one_vector_a_thread(Schedule(programs.vector_add(1024))).mod, [a, b], expected)
    warps = 1024 // 32
    assert one.counters.global_load_requests == 2 * warps
    assert four.counters.global_load_requests == 2 * warps // 4
    assert one.counters.global_load_bytes == four.counters.global_load_bytes == 2 * 1024 * 4


@pytest.mark.parametrize(
    ("stride", "offset", "sectors"), [(1, 0, 4), (1, 8, 4), (1, 1, 5), (2, 0, 8), (8, 0, 32), (100, 0, 32)]
)
def test_sectors_of_a_strided_copy(stride, offset, sectors):
    """A warp's 32 floats lie in 4 sectors of 32 bytes when aligned, in one each from stride 8 on."""
    a = uniform(256 * stride + offset)
    mod = vector_add.one_element_a_thread(Schedule(programs.strided_copy(256, stride, offset)), block="copy").mod
    counters = execute(mod, [a], reference.strided_copy(a, 256, stride, offset)).counters
    assert counters.global_load_sectors == sectors * counters.global_load_requests == sectors * 8


# Window sum


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("schedule", [window_sum.from_global, window_sum.from_shared])
def test_window_sum(schedule, n):
    a = uniform(n + 4)
    mod = schedule(Schedule(programs.window_sum(n, window=5))).mod
    execute(mod, [a], reference.window_sum(a, 5), 5)


def test_shared_memory_loads_each_element_of_a_window_once():
    a = uniform(1026)
    expected = reference.window_sum(a, 3)
    far = execute(window_sum.from_global(Schedule(programs.window_sum(1024))).mod, [a], expected, 3).counters
    near = execute(window_sum.from_shared(Schedule(programs.window_sum(1024))).mod, [a], expected, 3).counters
    blocks, warps = 8, 4
    assert far.global_load_requests == blocks * warps * 3
    assert near.global_load_requests == blocks * (warps + 1), "130 elements: four full warps and two lanes"
    assert near.shared_load_requests == blocks * warps * 3
    assert near.shared_bytes_per_block == 130 * 4


# Transpose


@pytest.mark.parametrize(("n", "m"), MATRICES)
@pytest.mark.parametrize("name", transpose.LADDER)
def test_transpose(name, n, m):
    a = uniform(n, m)
    execute(transpose.LADDER[name](Schedule(programs.transpose(n, m))).mod, [a], reference.transpose(a))


def test_each_transpose_step_removes_one_cost():
    a = uniform(64, 96)
    naive, shared, padded = (
        execute(step(Schedule(programs.transpose(64, 96))).mod, [a], reference.transpose(a)).counters
        for step in transpose.LADDER.values()
    )
    requests = 64 * 96 // 32
    assert naive.global_load_sectors == 32 * requests, "a column: each lane its own sector"
    assert shared.global_load_sectors == padded.global_load_sectors == 4 * requests, "a row"
    assert shared.shared_load_conflicts == 31 * requests, "a column of 32 words in one bank"
    assert padded.shared_load_conflicts == padded.shared_store_conflicts == 0


# Reduction


@pytest.mark.parametrize(("n", "m"), [*MATRICES, (5, 1000)])
@pytest.mark.parametrize("schedule", [reduction.row_a_thread, reduction.row_a_block])
def test_row_sum(schedule, n, m):
    a = uniform(n, m)
    execute(schedule(Schedule(programs.row_sum(n, m))).mod, [a], reference.row_sum(a), m)


@pytest.mark.parametrize("threads", [32, 64, 1024])
def test_row_sum_with_any_number_of_threads(threads):
    a = uniform(3, 333)
    execute(reduction.row_a_block(Schedule(programs.row_sum(3, 333)), threads).mod, [a], reference.row_sum(a), 333)


@pytest.mark.parametrize("n", [*LENGTHS, 1001, 10_000])
def test_sum_in_two_kernels(n):
    a = uniform(n)
    result = execute(reduction.two_kernels(Schedule(programs.total(n))).mod, [a], reference.total(a), n)
    assert [kernel.grid for kernel in result.kernels] == [(8, 1, 1), (1, 1, 1)]


def test_why_two_kernels_pads():
    """The same steps without padding: TVM lowers the partial sums to a race, and the simulator finds it."""
    sch = Schedule(programs.total(1001))
    part, _ = sch.split(sch.get_loops("sum")[1], [8, None])
    partial = sch.rfactor(part, factor_axis=0)
    one, part, inner = sch.get_loops(partial)
    sch.bind(sch.fuse(one, part), "blockIdx.x")
    sch.bind(sch.split(inner, [None, 128])[1], "threadIdx.x")
    sch.bind(sch.get_loops("sum")[1], "threadIdx.x")
    with pytest.raises(DataRace, match=r"B\.rf"):
        simulate(sch.mod, [uniform(1001)], [((1,), "float32")])


def test_a_row_a_block_reads_rows_whole():
    a = uniform(128, 256)
    apart = execute(reduction.row_a_thread(Schedule(programs.row_sum(128, 256))).mod, [a], reference.row_sum(a), 256)
    along = execute(reduction.row_a_block(Schedule(programs.row_sum(128, 256))).mod, [a], reference.row_sum(a), 256)
    assert apart.counters.global_load_requests == along.counters.global_load_requests == 128 * 256 // 32
    assert apart.counters.global_load_sectors == 32 * apart.counters.global_load_requests
    assert along.counters.global_load_sectors == 4 * along.counters.global_load_requests


# The matmul ladder


@pytest.mark.parametrize(("n", "m", "k"), PRODUCTS)
@pytest.mark.parametrize("name", matmul.LADDER)
def test_matmul(name, n, m, k):
    a, b = uniform(n, k), uniform(k, m)
    mod = matmul.LADDER[name](Schedule(programs.matmul(n, m, k))).mod
    result = execute(mod, [a, b], reference.matmul(a, b), k)
    assert result.counters.flops == 2 * n * m * k


@pytest.mark.parametrize("tiling", [Tiling(32, 64, 2, 8, 8, 2), Tiling(16, 16, 1, 1, 32, 1), Tiling(96, 48, 6, 3, 4)])
@pytest.mark.parametrize("name", ["register_blocking", "shared_blocking", "vectorized_fetch", "double_buffering"])
def test_matmul_with_other_tilings(name, tiling):
    a, b = uniform(70, 50), uniform(50, 90)
    mod = getattr(matmul, name)(Schedule(programs.matmul(70, 90, 50)), tiling).mod
    execute(mod, [a, b], reference.matmul(a, b), 50)


@pytest.fixture(scope="module")
def ladder():
    """Counters of every step on 128 x 128 x 64: blocks of 64 x 64, 8 warps, 4 tiles of depth 16."""
    a, b = uniform(128, 64), uniform(64, 128)
    mods = {name: step(Schedule(programs.matmul(128, 128, 64))).mod for name, step in matmul.LADDER.items()}
    return {name: execute(mod, [a, b], reference.matmul(a, b), 64).counters for name, mod in mods.items()}


def test_the_ladder_counts_fewer_global_loads_at_each_step(ladder):
    warps = 128 * 128 // 32
    assert ladder["naive"].global_load_requests == warps * 64 * 3, "A, B and the sum itself"
    assert ladder["local_sum"].global_load_requests == warps * 64 * 2
    assert ladder["register_blocking"].global_load_requests == warps // 16 * 64 * (4 + 4)
    assert ladder["shared_blocking"].global_load_requests == 4 * 4 * 2 * (64 * 16 // 32)
    assert ladder["vectorized_fetch"].global_load_requests == ladder["shared_blocking"].global_load_requests // 4
    assert ladder["double_buffering"].global_load_requests == ladder["vectorized_fetch"].global_load_requests


def test_vectors_change_requests_and_not_the_bytes_of_tiles(ladder):
    assert (
        ladder["vectorized_fetch"].global_load_bytes
        == ladder["shared_blocking"].global_load_bytes
        == 4 * 2 * 64 * 64 * 4
    )
    assert ladder["vectorized_fetch"].global_store_requests * 4 == ladder["shared_blocking"].global_store_requests


def test_vectors_remove_the_bank_conflicts_of_one_operand(ladder):
    """Scalar loads of both operands meet twice in a bank; with vectors only those of A, which is read by columns."""
    loads = 32 * 64 * 4  # 32 warps, 64 steps, 4 elements of an operand
    assert ladder["shared_blocking"].shared_load_conflicts == 2 * loads
    assert ladder["vectorized_fetch"].shared_load_conflicts == loads
    assert ladder["vectorized_fetch"].shared_load_requests == loads + loads // 4


def test_double_buffering_saves_the_last_barrier_of_each_block_and_no_traffic(ladder):
    assert ladder["vectorized_fetch"].barriers == 4 * 2 * 4
    assert ladder["double_buffering"].barriers == 4 * (2 * 4 - 1)
    assert ladder["double_buffering"].shared_bytes_per_block == ladder["vectorized_fetch"].shared_bytes_per_block
    assert ladder["double_buffering"].local_bytes_per_thread > ladder["vectorized_fetch"].local_bytes_per_thread


# DLight


@pytest.mark.parametrize(
    ("program", "oracle", "shapes", "sizes"),
    [
        (programs.vector_add, reference.vector_add, [(1000,), (1000,)], (1000,)),
        (programs.transpose, reference.transpose, [(33, 50)], (33, 50)),
        (programs.row_sum, reference.row_sum, [(33, 50)], (33, 50)),
        (programs.window_sum, lambda a: reference.window_sum(a, 3), [(1002,)], (1000,)),
        (programs.matmul, reference.matmul, [(128, 64), (64, 128)], (128, 128, 64)),
        (programs.matmul, reference.matmul, [(100, 30), (30, 70)], (100, 70, 30)),
    ],
    ids=["vector_add", "transpose", "row_sum", "window_sum", "matmul", "matmul-uneven"],
)
def test_dlight_schedules_are_right(program, oracle, shapes, sizes):
    inputs = [uniform(*shape) for shape in shapes]
    execute(codegen.dlight_schedule(program(*sizes)), inputs, oracle(*inputs), 64)


# Races and barriers


BY_HAND = Options(insert_barriers=False)


def run_fault(mod, a, shape):
    return simulate(mod, [a], [(shape, "float32")], options=BY_HAND).outputs[0]


def test_block_reverse_with_its_barrier():
    a = uniform(128)
    np.testing.assert_array_equal(
        run_fault(synchronization.block_reverse(2, 64), a, (128,)), reference.block_reverse(a, 64)
    )


def test_block_reverse_without_its_barrier_is_a_race():
    with pytest.raises(DataRace, match="S"):
        run_fault(synchronization.block_reverse(2, 64, barrier=False), uniform(128), (128,))


def test_tree_sum_with_a_barrier_every_step():
    a = uniform(4, 64)
    found = run_fault(synchronization.tree_sum(4, 64), a.reshape(-1), (4,))
    np.testing.assert_allclose(found, reference.row_sum(a), rtol=error_bound(64))


def test_tree_sum_without_barriers_between_steps_is_a_race():
    with pytest.raises(DataRace, match="S"):
        run_fault(synchronization.tree_sum(4, 64, "missing"), uniform(256), (4,))


def test_tree_sum_with_a_barrier_some_threads_never_reach():
    with pytest.raises(BarrierDivergence):
        run_fault(synchronization.tree_sum(4, 64, "divergent"), uniform(256), (4,))


def test_lowering_repairs_a_missing_barrier():
    a = uniform(128)
    found = simulate(synchronization.block_reverse(2, 64, barrier=False), [a], [((128,), "float32")]).outputs[0]
    np.testing.assert_array_equal(found, reference.block_reverse(a, 64))


def test_blocks_that_add_to_one_element_race():
    with pytest.raises(DataRace, match="B"):
        simulate(synchronization.grid_sum(4, 32), [uniform(128)], [((1,), "float32")])
