"""What a result says: tables, occupancy, roofline, samples of accesses."""

import numpy as np
import pytest

from mlc_ref.gpu_sim import DEVICES, Counters, programs, simulate
from mlc_ref.gpu_sim.counters import NAMES
from mlc_ref.gpu_sim.devices import occupancy, roofline
from mlc_ref.gpu_sim.result import label


@pytest.fixture(scope="module")
def blocked():
    a = np.random.default_rng(0).random((64, 64), dtype="float32")
    return simulate(programs.matmul_blocked(64), [a, a], [((64, 64), "float32")])


def test_a_result_prints_a_table(blocked, monkeypatch):
    monkeypatch.setenv("MLC_LANG", "en")
    lines = str(blocked).splitlines()
    assert lines[0].split() == ["counter", "main_kernel", "(4,", "4,", "1)×(16,", "16,", "1)"]
    assert ["barriers", "128"] in [line.split() for line in lines]
    assert len({len(line) for line in lines}) == 1, "columns are aligned"
    assert not any("matrix" in line for line in lines), "counters that are 0 are left out"


def test_a_result_speaks_the_readers_language(blocked, monkeypatch):
    monkeypatch.setenv("MLC_LANG", "zh")
    assert "共享内存加载请求" in str(blocked)
    assert '<td style="text-align:left">屏障</td><td style="text-align:right">128</td>' in blocked._repr_html_()


def test_a_kernel_prints_its_statements(blocked, monkeypatch):
    monkeypatch.setenv("MLC_LANG", "en")
    table = blocked.kernels[0].table()
    assert table.startswith("main_kernel: grid (4, 4, 1), block (16, 16, 1)\n")
    assert "  C[" in table
    assert "      flops 524,288" in table


def test_every_counter_has_a_label_in_both_languages():
    assert all(label(name).en and label(name).zh for name in NAMES)


def test_counters_add_up_and_sizes_do_not():
    one = Counters(flops=3, barriers=1, shared_bytes_per_block=100)
    other = Counters(flops=4, shared_bytes_per_block=200)
    assert one + other == Counters(flops=7, barriers=1, shared_bytes_per_block=200)
    assert one * 5 == Counters(flops=15, barriers=5, shared_bytes_per_block=100)
    assert Counters(flops=1).intensity == float("inf")


# Occupancy, by hand from the devices' limits


@pytest.mark.parametrize(
    ("device", "threads", "shared", "registers", "blocks", "limit"),
    [
        ("sm_80", 256, 0, 32, 8, "warps"),  # 64 / 8
        ("sm_75", 256, 0, 32, 4, "warps"),  # 32 / 8
        ("sm_80", 32, 0, 16, 32, "blocks"),
        ("sm_75", 32, 0, 16, 16, "blocks"),
        ("sm_80", 256, 40 << 10, 32, 4, "shared memory"),  # 164 / (40 + 1)
        ("sm_90", 256, 40 << 10, 32, 5, "shared memory"),  # 228 / (40 + 1)
        ("sm_75", 256, 40 << 10, 32, 1, "shared memory"),  # 64 / 40
        ("sm_80", 256, 0, 128, 2, "registers"),  # 65536 / (128 * 256)
        ("sm_80", 256, 0, 65, 3, "registers"),  # 65 is rounded up to 72
        ("sm_80", 33, 0, 128, 8, "registers"),  # 33 threads are two warps
    ],
)
def test_occupancy(device, threads, shared, registers, blocks, limit):
    found = occupancy(DEVICES[device], threads, Counters(shared_bytes_per_block=shared), registers)
    assert (found.blocks, found.limited_by) == (blocks, limit)
    assert found.warps == blocks * -(-threads // 32)
    assert found.fraction == found.warps / DEVICES[device].warps


def test_registers_are_at_least_the_private_arrays():
    wide = Counters(local_bytes_per_thread=4 * 120)
    assert occupancy(DEVICES["sm_80"], 256, wide).limited_by == "registers"
    assert occupancy(DEVICES["sm_80"], 256, wide).blocks == 65536 // (120 * 256)


def test_a_result_knows_its_occupancy(blocked):
    assert blocked.occupancy("sm_80").blocks == 8
    assert blocked.occupancy("sm_75", registers=128).limited_by == "registers"
    with pytest.raises(ValueError, match="got 'sm_20', known are sm_75, sm_80, sm_90"):
        blocked.occupancy("sm_20")


# Roofline


def test_a_kernel_below_the_ridge_is_bound_by_memory(blocked):
    """2 * 64^3 flops; 4 tiles an edge: 2 * 4 * 64 * 64 floats loaded, 64 * 64 stored."""
    bound = blocked.roofline("sm_80")
    moved = (2 * 4 + 1) * 64 * 64 * 4
    assert bound.intensity == 2 * 64**3 / moved
    assert bound.limited_by == "memory"
    assert bound.bound == pytest.approx(bound.intensity * 1555e9)


def test_a_kernel_above_the_ridge_is_bound_by_compute():
    bound = roofline(DEVICES["sm_80"], Counters(flops=10**9, global_load_bytes=32))
    assert (bound.limited_by, bound.bound) == ("compute", pytest.approx(19.5e12))
    tensor = roofline(DEVICES["sm_80"], Counters(matrix_operations=10**9, global_load_bytes=32))
    assert tensor.bound == pytest.approx(312e12)


# Samples


def test_a_sample_holds_what_a_warp_touched_first(blocked):
    addresses, active = blocked.kernels[0].access("A").warp()
    row, column = np.divmod(np.arange(32), 16)
    np.testing.assert_array_equal(addresses, (row * 64 + column) * 4)
    assert active.all()
    assert blocked.kernels[0].access("C", "store").indices.shape == (16, 256)
