"""Build, run, compare and time: what the chapters and checks rely on."""

import numpy as np
import pytest
from tvm.script import tirx as T

from mlc_ref import harness


@T.prim_func(s_tir=True)
def double_first_half(A: T.Buffer((4,), "float32"), B: T.Buffer((4,), "float32")):
    for i in range(2):
        with T.sblock("B"):
            v = T.axis.spatial(4, i)
            B[v] = A[v] * T.float32(2)


@T.prim_func(s_tir=True)
def double_scalar(A: T.Buffer((), "float32"), B: T.Buffer((), "float32")):
    with T.sblock("B"):
        B[()] = A[()] * T.float32(2)


def module():
    import tvm

    return tvm.IRModule({"main": double_first_half})


def test_run_passes_inputs_then_outputs_and_shows_what_was_never_written():
    (out,) = harness.run(module(), [np.arange(4, dtype="float32")], [((4,), "float32")])
    np.testing.assert_array_equal(out, [0, 2, np.nan, np.nan])


def test_run_takes_an_executable_and_arrays_that_are_not_contiguous():
    executable = harness.build(module())
    x = np.arange(8, dtype="float32")[::2]
    (out,) = harness.run(executable, [x], [((4,), "float32")])
    np.testing.assert_array_equal(out[:2], [0, 4])


def test_run_keeps_an_input_without_axes_as_it_is():
    import tvm

    (out,) = harness.run(tvm.IRModule({"main": double_scalar}), [np.array(3, "float32")], [((), "float32")])
    assert out == 6


@pytest.mark.parametrize(("dtype", "value"), [("float32", np.nan), ("int8", 127), ("bool", True), ("uint8", 255)])
def test_unwritten_values_are_ones_no_program_leaves_behind(dtype, value):
    array = harness.unwritten((2, 3), dtype)
    assert (array.shape, array.dtype) == ((2, 3), np.dtype(dtype))
    np.testing.assert_array_equal(array, np.full((2, 3), value))


def test_the_error_bound_grows_with_the_sum_and_ends_where_it_says_nothing():
    assert harness.error_bound(100) == pytest.approx(100 * 2**-24, rel=1e-4)
    assert harness.error_bound(100, "float64") < harness.error_bound(10)
    with pytest.raises(ValueError, match="got 4096, too long for float16"):
        harness.error_bound(4096, "float16")


def test_the_error_bound_holds_for_real_sums():
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 1000)).astype("float32")
    total = np.float32(0)
    for x, y in zip(a, b, strict=True):
        total += x * y
    exact = np.dot(a.astype("float64"), b.astype("float64"))
    scale = np.dot(np.abs(a).astype("float64"), np.abs(b).astype("float64"))
    assert abs(total - exact) <= harness.error_bound(1000) * scale


def test_time_ratio_is_how_many_times_faster_the_program_is(monkeypatch):
    clock = {"now": 0.0}
    monkeypatch.setattr("mlc_ref.harness.time.perf_counter", lambda: clock["now"])

    def taking(seconds):
        def run():
            clock["now"] += seconds

        return run

    assert harness.time_ratio(taking(0.001), taking(0.004)) == pytest.approx(4)
    assert harness.time_ratio(taking(0.03), taking(0.01)) == pytest.approx(1 / 3)
