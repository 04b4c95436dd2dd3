"""CUDA text, run by two loops that play the grid."""

import shutil

import numpy as np
import pytest

from mlc_ref import harness
from mlc_ref.introduction import grid, levels, schedules
from mlc_ref.introduction.programs import LinearReluProgram

OUTPUT = [((360, 10), "float32")]
# 64 products and a bias, summed in float32; the sum of absolute values stays below 20 for these weights.
TOLERANCE = 20 * harness.error_bound(65)


def test_the_cuda_text_agrees_when_two_loops_play_the_grid(layer, oracle):
    text = levels.cuda_text(schedules.for_gpu(LinearReluProgram).mod)
    y = harness.unwritten((360, 10), "float32")
    grid.run_on_grid(text, {"x": layer.x, "w": layer.w, "b": layer.b, "y": y}, blocks=360, threads=10)
    assert levels.largest_error(y, oracle) < TOLERANCE


def test_a_grid_with_too_few_blocks_leaves_rows_unwritten(layer):
    text = levels.cuda_text(schedules.for_gpu(LinearReluProgram).mod)
    y = harness.unwritten((360, 10), "float32")
    grid.run_on_grid(text, {"x": layer.x, "w": layer.w, "b": layer.b, "y": y}, blocks=359, threads=10)
    assert np.isnan(y[359]).all()
    assert not np.isnan(y[:359]).any()


@pytest.mark.parametrize(
    ("blocks", "threads", "language", "message"),
    [
        (361, 10, "en", "blocks: got 361, but block 360 .* outside of `y`; at most 360 blocks fit these arrays"),
        (361, 10, "zh", "blocks：给的是 361，但第 360 号线程块.*写到 `y` 之外"),
        (10**6, 10, "en", "at most 360 blocks"),
        (360, 11, "en", "threads: got 11; this kernel was generated for 10 threads a block"),
        (360, 11, "zh", "threads：给的是 11；.*每个线程块 10 个线程"),
        (0, 10, "en", "blocks: got 0; a whole number of at least 1"),
        (360.0, 10, "en", r"blocks: got 360\.0"),
        (True, 10, "en", "blocks: got True"),
        (360, True, "zh", "threads：给的是 True"),
    ],
)
def test_a_grid_larger_than_the_arrays_is_refused_and_nothing_is_written(
    layer, monkeypatch, blocks, threads, language, message
):
    monkeypatch.setenv("MLC_LANG", language)
    text = levels.cuda_text(schedules.for_gpu(LinearReluProgram).mod)
    memory = harness.unwritten((362, 10), "float32")
    arrays = {"x": layer.x.copy(), "w": layer.w.copy(), "b": layer.b.copy(), "y": memory[:360]}
    with pytest.raises(ValueError, match=message):
        grid.run_on_grid(text, arrays, blocks, threads)
    assert np.isnan(memory).all()
    assert np.array_equal(arrays["x"], layer.x)


ADD_ONE = 'extern "C" __global__ void add_one(float* __restrict__ a_ptr) {{ {body} }}'


def test_a_text_without_a_bound_may_have_as_many_threads_as_a_gpu(monkeypatch):
    array = np.zeros(1100, "float32")
    text = ADD_ONE.format(body="a_ptr[threadIdx.x] += 1;")
    for language, message in (
        ("en", "threads: got 1025; a block of a GPU has at most 1024"),
        ("zh", "最多有 1024 个线程"),
    ):
        monkeypatch.setenv("MLC_LANG", language)
        with pytest.raises(ValueError, match=message):
            grid.run_on_grid(text, {"a": array}, 1, 1025)
    assert not array.any()
    grid.run_on_grid(text, {"a": array}, np.int64(1), np.int32(1024))
    assert array.tolist() == [1] * 1024 + [0] * 76


@pytest.mark.parametrize("word", ["__shared__", "__syncthreads", "atomicAdd"])
def test_a_kernel_whose_threads_work_together_is_refused(word):
    text = ADD_ONE.format(body=f"{word}();")
    with pytest.raises(ValueError, match="threads that work alone"):
        grid.run_on_grid(text, {"a": np.zeros(2, "float32")}, 1, 2)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "parameter 'a' is missing"),
        ({"a": np.zeros(4)}, "must be row-major float32, got float64"),
        ({"a": np.zeros((4, 2), "float32")[:, 0]}, "must be row-major float32"),
    ],
)
def test_arrays_the_kernel_cannot_take_are_refused(arrays, message):
    with pytest.raises(ValueError, match=message):
        grid.run_on_grid(ADD_ONE.format(body="a_ptr[threadIdx.x] += 1;"), arrays, 1, 4)


def test_text_without_a_kernel_is_refused():
    with pytest.raises(ValueError, match="no kernel"):
        levels.cuda_kernel('extern "C" __global__ void declared_only(float* a_ptr);')


def test_a_missing_compiler_is_said(monkeypatch):
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match=r"no C\+\+ compiler .* install one"):
        grid.run_on_grid(ADD_ONE.format(body=""), {"a": np.zeros(1, "float32")}, 1, 1)
