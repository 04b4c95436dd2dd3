"""Kernels whose results and counters are known beforehand: conversions, wrapping, vectors, parameters."""

import numpy as np
import pytest
from gpu_cases import CASES

from mlc_ref.gpu_sim import simulate


@pytest.mark.parametrize("name", CASES)
def test_results_are_those_known_beforehand(name):
    case = CASES[name]
    found = simulate(case.mod, case.inputs, case.outputs).outputs
    assert [a.dtype for a in found] == [a.dtype for a in case.expected]
    for array, expected in zip(found, case.expected, strict=True):
        np.testing.assert_allclose(array, expected, rtol=case.rtol, atol=0)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.counters])
def test_counters_are_those_counted_by_hand(name):
    case = CASES[name]
    found = simulate(case.mod, case.inputs, case.outputs).counters
    assert {counter: getattr(found, counter) for counter in case.counters} == case.counters
