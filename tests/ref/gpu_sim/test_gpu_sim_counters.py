"""Counters of small kernels against numbers derived by hand; a warp has 32 lanes, a sector 32 bytes, a float 4."""

import numpy as np
import pytest
from simulated import uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import Options, programs, simulate
from mlc_ref.gpu_sim.counting import sectors, wavefronts

ALL = np.ones(32, bool)
LANE = np.arange(32)


def counters(mod, inputs, shape, dtype="float32", **options):
    return simulate(mod, inputs, [(shape, dtype)], options=Options(**options)).counters


# One warp access


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (LANE * 4, 4),  # 128 bytes in a row
        (LANE * 4 + 4, 5),  # one float late
        (LANE * 8, 8),  # every second float
        (LANE * 32, 32),  # a sector each
        (LANE * 0, 1),  # all the same
        (LANE[::-1] * 4, 4),  # order does not matter
        (LANE * 1, 1),  # int8
        (LANE * 16, 16),  # float4
    ],
)
def test_sectors_of_one_warp(addresses, expected):
    assert sectors(addresses, ALL) == expected


def test_inactive_lanes_ask_for_nothing():
    assert sectors(LANE * 4, LANE < 8) == 1
    assert wavefronts(LANE * 128, LANE < 2, 4) == (2, 1)
    assert wavefronts(LANE * 128, LANE < 0, 4) == (0, 0)


@pytest.mark.parametrize(
    ("addresses", "width", "passes", "conflicts"),
    [
        (LANE * 4, 4, 1, 0),
        (LANE * 0, 4, 1, 0),  # one word, broadcast
        (LANE * 8, 4, 2, 1),  # even banks only
        (LANE * 128, 4, 32, 31),  # one bank
        (LANE * 132, 4, 1, 0),  # a column of a padded tile
        (LANE * 2, 2, 1, 0),  # two float16 share a word
        (LANE * 1, 1, 1, 0),  # four int8 share a word
        (LANE * 8, 8, 2, 0),  # float2: a half warp at a time
        (LANE * 16, 16, 4, 0),  # float4: a quarter warp at a time
        (LANE * 32, 16, 8, 4),  # float4, every second one: two lanes of eight meet in each bank
        (LANE % 8 * 128, 16, 32, 28),  # float4 in a column
    ],
)
def test_wavefronts_of_one_warp(addresses, width, passes, conflicts):
    assert wavefronts(addresses, ALL, width) == (passes, conflicts)


@pytest.mark.parametrize(("addresses", "conflicts"), [(LANE * 0, 31), (LANE // 4 * 4, 3), (LANE * 4, 0), (LANE * 8, 1)])
def test_atomic_updates_of_one_word_wait_for_each_other(addresses, conflicts):
    """Plain accesses of one word are one; atomic updates of it follow one another."""
    assert wavefronts(addresses, ALL, 4, atomic=True)[1] == conflicts


def histogram(bins):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "int32"), B: T.Buffer((64,), "int32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    counts = T.sblock_alloc_buffer((64,), "int32", scope="shared")
                    counts[vi] = 0
                    T.evaluate(T.tvm_storage_sync("shared"))
                    T.evaluate(T.call_extern("int32", "atomicAdd", T.address_of(counts[A[vi] % bins]), 1))
                    T.evaluate(T.tvm_storage_sync("shared"))
                    B[vi] = counts[vi]

    return Module


@pytest.mark.parametrize(("bins", "conflicts"), [(1, 2 * 31), (4, 2 * 7), (64, 0)])
def test_conflicts_of_a_histogram(bins, conflicts):
    numbers = np.arange(64, dtype="int32")
    result = simulate(histogram(bins), [numbers], [((64,), "int32")])
    np.testing.assert_array_equal(result.outputs[0], np.bincount(numbers % bins, minlength=64))
    assert result.counters.shared_store_conflicts == conflicts
    assert result.counters.shared_load_conflicts == 0


# Whole kernels


def test_aligned_vector_add():
    """1024 elements, 32 warps; each warp loads 4 sectors of A and of B and stores 4."""
    found = counters(programs.vector_add(), [uniform(1024), uniform(1024)], (1024,))
    assert found.global_load_requests == 2 * 32
    assert found.global_load_sectors == 2 * 32 * 4
    assert found.global_load_bytes == 2 * 1024 * 4
    assert (found.global_store_requests, found.global_store_sectors) == (32, 128)
    assert found.flops == 1024
    assert (found.barriers, found.divergent_branches, found.shared_load_requests) == (0, 0, 0)
    assert found.intensity == 1024 / (3 * 4096)


@pytest.mark.parametrize(("shift", "sectors_of_a"), [(1, 5), (7, 5), (8, 4), (12, 5)])
def test_misaligned_vector_add(shift, sectors_of_a):
    """32 floats that start inside a sector touch 5; a start at a multiple of 8 floats is aligned."""
    found = counters(programs.vector_add(shift=shift), [uniform(1024 + shift), uniform(1024)], (1024,))
    assert found.global_load_sectors == 32 * (sectors_of_a + 4)


@pytest.mark.parametrize(("stride", "per_warp"), [(1, 4), (2, 8), (3, 12), (4, 16), (8, 32), (9, 32)])
def test_strided_copy(stride, per_warp):
    """32 floats ``stride`` apart span 4 * stride sectors and never more than 32."""
    found = counters(programs.strided_copy(1024, stride), [uniform(1024 * stride)], (1024,))
    assert found.global_load_requests == 32
    assert found.global_load_sectors == 32 * per_warp
    assert found.global_store_sectors == 32 * 4


def test_naive_transpose():
    """A warp reads a row of 32 floats, 4 sectors, and writes a column, 32 sectors."""
    found = counters(programs.transpose_naive(64), [uniform(64, 64)], (64, 64))
    warps = 64 * 64 // 32
    assert found.global_load_sectors == warps * 4
    assert found.global_store_sectors == warps * 32


@pytest.mark.parametrize(("padding", "conflicts"), [(0, 31), (1, 0), (2, 1)])
def test_transpose_through_shared_memory(padding, conflicts):
    """Rows are whole on both sides; a column of the tile lies in one bank, in 32 with padding 1, in 16 with 2."""
    found = counters(programs.transpose_shared(64, padding), [uniform(64, 64)], (64, 64))
    warps = 64 * 64 // 32
    assert found.global_load_sectors == found.global_store_sectors == warps * 4
    assert found.shared_load_requests == found.shared_store_requests == warps
    assert found.shared_load_conflicts == warps * conflicts
    assert found.shared_store_conflicts == 0
    assert found.shared_bytes_per_block == 32 * (32 + padding) * 4
    assert found.barriers == 4, "one for each of 2 x 2 blocks"


def test_window_sum_from_global_memory():
    """Three loads a warp: one aligned (4 sectors), two that start inside a sector (5 each)."""
    found = counters(programs.window_sum(1024, cooperative=False), [uniform(1026)], (1024,))
    assert found.global_load_requests == 32 * 3
    assert found.global_load_sectors == 32 * (4 + 5 + 5)
    assert found.flops == 2 * 1024


def test_window_sum_from_shared_memory():
    """8 blocks of 4 warps; one warp of each loads the two elements of the edge, one sector, and diverges."""
    found = counters(programs.window_sum(1024), [uniform(1026)], (1024,))
    assert found.global_load_requests == 8 * (4 + 1)
    assert found.global_load_sectors == 8 * (4 * 4 + 1)
    assert found.shared_store_requests == 8 * (4 + 1)
    assert found.shared_load_requests == 8 * 4 * 3
    assert found.shared_load_conflicts == 0
    assert found.divergent_branches == 8
    assert found.barriers == 8
    assert found.shared_bytes_per_block == 130 * 4


def test_naive_matmul():
    """64 x 64 x 64 on 16 x 16 threads: a warp covers 2 rows and 16 columns.

    A[i, k]: two addresses 64 floats apart, 2 sectors. B[k, j]: 16 floats, 2 sectors. C: 2 rows of 2 sectors.
    """
    found = counters(programs.matmul_naive(64), [uniform(64, 64), uniform(64, 64)], (64, 64))
    warps, k = 64 * 64 // 32, 64
    assert found.global_load_requests == warps * k * 2
    assert found.global_load_sectors == warps * k * (2 + 2)
    assert found.global_store_sectors == warps * 4
    assert found.flops == 2 * 64**3
    assert found.local_bytes_per_thread == 4


def test_blocked_matmul():
    """Tiles of 16 x 16: each element is loaded n / 16 times; a warp's tile rows are 2 sectors each."""
    n, tile = 64, 16
    found = counters(programs.matmul_blocked(n), [uniform(n, n), uniform(n, n)], (n, n))
    blocks, warps, steps = (n // tile) ** 2, tile * tile // 32, n // tile
    assert found.global_load_requests == blocks * steps * warps * 2
    assert found.global_load_sectors == blocks * steps * warps * 2 * 4
    assert found.shared_store_requests == blocks * steps * warps * 2
    assert found.shared_load_requests == blocks * steps * warps * 2 * tile
    assert found.shared_load_conflicts == 0, "a: two words, broadcast; b: 16 words of 16 banks"
    assert found.barriers == blocks * steps * 2
    assert found.shared_bytes_per_block == 2 * tile * tile * 4


@pytest.mark.parametrize(
    ("width", "dtype", "requests"), [(4, "float32", 1), (2, "float32", 1), (8, "float32", 2), (8, "float16", 1)]
)
def test_vector_copy(width, dtype, requests):
    """A thread moves at most 16 bytes with one instruction; two half vectors ask for the same sector twice."""
    n = 2048
    a = uniform(n).astype(dtype)
    found = counters(programs.vector_copy(n, width, dtype), [a], (n,), dtype)
    assert found.global_load_requests == n // width // 32 * requests
    sector_loads = 2 if width == 8 and dtype == "float32" else 1
    assert found.global_load_sectors == n * a.itemsize // 32 * sector_loads


# The count is exact, however the work is cut


@pytest.mark.parametrize("threads_per_pass", [1, 300, 1 << 16])
@pytest.mark.parametrize("mod", [programs.matmul_blocked(64), programs.matmul_naive(64)], ids=["blocked", "naive"])
def test_passes_change_nothing(mod, threads_per_pass):
    inputs = [uniform(64, 64), uniform(64, 64)]
    whole = simulate(mod, inputs, [((64, 64), "float32")])
    cut = simulate(mod, inputs, [((64, 64), "float32")], options=Options(threads_per_pass=threads_per_pass))
    assert cut.counters == whole.counters
    np.testing.assert_array_equal(cut.outputs[0], whole.outputs[0])


def test_detection_does_not_change_the_count():
    inputs = [uniform(64, 64), uniform(64, 64)]
    strict = counters(programs.matmul_blocked(64), inputs, (64, 64))
    assert strict == counters(programs.matmul_blocked(64), inputs, (64, 64), races=False, uninitialized=False)


def test_rows_of_statements_add_up():
    result = simulate(programs.matmul_blocked(64), [uniform(64, 64), uniform(64, 64)], [((64, 64), "float32")])
    kernel = result.kernels[0]
    for name in ("global_load_sectors", "shared_load_requests", "barriers", "flops"):
        assert sum(getattr(row.counters, name) for row in kernel.statements) == getattr(kernel.counters, name)
    update = next(row for row in kernel.statements if row.counters.flops)
    assert update.statement.startswith("total[0] = total[0] + a[")
    assert update.counters.shared_load_requests == kernel.counters.shared_load_requests


def test_sectors_agree_with_a_count_of_one_lane_after_the_other():
    """A second way to count, slow and plain, on an access pattern with no order to it."""
    rng = np.random.default_rng(1)
    addresses, active = rng.integers(0, 4096, (50, 32)) * 4, rng.random((50, 32)) < 0.7
    by_hand = sum(
        len({a // 32 for a, on in zip(row, mask, strict=True) if on})
        for row, mask in zip(addresses, active, strict=True)
    )
    assert sectors(addresses, active) == by_hand
    passes = 0
    for row, mask in zip(addresses, active, strict=True):
        words = {int(a) // 4 for a, on in zip(row, mask, strict=True) if on}
        passes += max(np.bincount([w % 32 for w in words]), default=0)
    assert wavefronts(addresses, active, 4)[0] == passes
