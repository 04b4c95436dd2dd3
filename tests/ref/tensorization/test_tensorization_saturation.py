"""Instructions that add products of bytes: what a sum becomes that does not fit."""

import pytest

from mlc_ref.targets import CpuFeatures, cpu_features
from mlc_ref.tensorization import saturation

FULL = 2**31 - 1


@pytest.mark.parametrize(
    ("name", "start", "a", "b", "given"),
    [
        ("vpmaddubsw", 0, 255, 127, 2**15 - 1),  # 64,770
        ("vpmaddubsw", 0, 255, -128, -(2**15)),
        ("vpmaddubsw", 0, 100, 100, 20_000),
        ("vpdpbusd", FULL, 255, 127, FULL + 4 * 255 * 127 - 2**32),
        ("vpdpbusd", -FULL, 255, -128, -FULL - 4 * 255 * 128 + 2**32),
        ("vpdpbusd", 0, 255, -128, -4 * 255 * 128),
        ("vpdpbusds", FULL, 255, 127, FULL),
        ("vpdpbusds", -FULL, 255, -128, -(2**31)),
        ("vpdpbusds", 7, 1, 1, 11),
    ],
)
def test_a_sum_that_does_not_fit_saturates_or_wraps_around_as_the_manual_says_and_the_cpu_does(
    name, start, a, b, given
):
    assert saturation.by_manual(name, start, a, b) == given
    there = getattr(cpu_features(), saturation.INSTRUCTIONS[name].needs)
    assert saturation.on_this_cpu(name, start, a, b) == (given if there else None)


def test_a_cpu_without_the_instruction_is_not_asked(monkeypatch):
    monkeypatch.setattr(saturation, "cpu_features", CpuFeatures)
    assert [saturation.on_this_cpu(name, 0, 1, 1) for name in saturation.INSTRUCTIONS] == [None] * 3
