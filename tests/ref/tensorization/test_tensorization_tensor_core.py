"""The Tensor Core schedule runs in the simulator, with NumPy's numbers and the matrix instructions it promises."""

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu_sim import simulate
from mlc_ref.harness import error_bound
from mlc_ref.tensorization import reference
from mlc_ref.tensorization.programs.matmul import matmul
from mlc_ref.tensorization.schedules.tensor_core import WarpTiling, tensor_core


def execute(n, m, k, tiling=None):
    rng = np.random.default_rng(n)
    a, b = rng.random((n, k)).astype("float16"), rng.random((k, m)).astype("float16")
    sch = tensor_core(Schedule(matmul(n, m, k, "float16", "float16", "float32")), tiling)
    result = simulate(sch.mod, [a, b], [((n, m), "float32")])
    np.testing.assert_allclose(result.outputs[0], reference.matmul(a, b), rtol=error_bound(k + 1))
    return result


@pytest.mark.parametrize(("n", "m", "k"), [(64, 64, 32), (128, 64, 96), (100, 70, 30), (1, 1, 1)])
def test_tensor_core_matmul_is_the_matrix_product(n, m, k):
    execute(n, m, k)


@pytest.mark.parametrize("tiling", [WarpTiling(1, 1, 1, 1, 1, 1), WarpTiling(1, 2, 4, 2, 1, 4), WarpTiling(4, 1, 1, 3)])
def test_tensor_core_matmul_with_other_tilings(tiling):
    execute(100, 70, 30, tiling)


def test_each_16x16x16_product_is_one_matrix_instruction():
    counters = execute(128, 128, 64).counters
    assert counters.matrix_instructions == 8 * 8 * 4
    assert counters.matrix_operations == 2 * 128 * 128 * 64
    assert counters.flops == 0, "no multiplication is left to the scalar units"


def test_padding_multiplies_zeros():
    counters = execute(100, 70, 30).counters
    assert counters.matrix_instructions == 8 * 8 * 2, "100 x 70 x 30 is padded to 128 x 128 x 32"


def test_tiles_are_fetched_sixteen_bytes_at_a_time():
    counters = execute(128, 128, 64).counters
    tiles = 4 * 2  # four blocks, two tiles of depth 32
    assert counters.global_load_requests == tiles * 2 * (64 * 32 // 8 // 32)
    assert counters.global_load_bytes == tiles * 2 * 64 * 32 * 2


@pytest.mark.parametrize(
    "size", [(100, 64, 32), (64, 70, 32), (64, 64, 30), (100, 70, 32), (100, 64, 30), (64, 70, 30)]
)
def test_only_what_the_tile_does_not_divide_is_padded(size):
    execute(*size)


def test_warps_of_a_number_that_divides_no_tile_evenly():
    execute(100, 70, 30, WarpTiling(3, 1, 1, 1))
