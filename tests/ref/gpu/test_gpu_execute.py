"""A kernel is compared with its oracle wherever it runs; counters print as a table."""

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu import execution, programs, reference
from mlc_ref.gpu.schedules import vector_add
from mlc_ref.gpu_sim import SimulationError

A, B = np.random.default_rng(3).random((2, 64), dtype="float32")


@pytest.fixture(scope="module")
def kernel():
    return vector_add.one_element_a_thread(Schedule(programs.vector_add(64)), threads=32).mod


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch):
    monkeypatch.setattr(execution, "gpu_present", lambda: False)


def test_a_right_kernel_returns_its_counters(kernel):
    result = execution.execute(kernel, [A, B], reference.vector_add(A, B))
    assert result.counters.global_load_requests == 4


def test_other_numbers_than_the_oracle_are_refused(kernel):
    wrong = reference.vector_add(A, B)
    wrong[5] += 1
    with pytest.raises(execution.WrongResult, match=r"simulator: 1 of 64 elements differ, first at \(5,\)"):
        execution.execute(kernel, [A, B], wrong)


def test_where_there_is_a_gpu_its_result_is_compared_too(kernel, monkeypatch):
    monkeypatch.setattr(execution, "gpu_present", lambda: True)
    monkeypatch.setattr(execution, "on_gpu", lambda mod, inputs, shape: np.full(shape, np.nan, "float32"))
    with pytest.raises(execution.WrongResult, match=r"GPU: 64 of 64 elements differ"):
        execution.execute(kernel, [A, B], reference.vector_add(A, B))


def test_a_program_without_threads_does_not_run():
    with pytest.raises(SimulationError, match="outside a kernel"):
        execution.execute(programs.vector_add(64), [A, B], reference.vector_add(A, B))


def test_counters_print_in_columns_with_their_words_aligned_at_the_bottom(kernel):
    result = execution.execute(kernel, [A, B], reference.vector_add(A, B))
    lines = execution.counter_table({"one": result, "another": result}, "global_load_requests", "flops").splitlines()
    assert [line.split() for line in lines] == [
        ["global"], ["load"], ["requests", "flops"], ["one", "4", "64"], ["another", "4", "64"],
    ]  # fmt: skip
    assert len({len(line) for line in lines[2:]}) == 1


def test_counters_and_wrong_results_are_told_in_the_readers_language(kernel, monkeypatch):
    result = execution.execute(kernel, [A, B], reference.vector_add(A, B))
    monkeypatch.setenv("MLC_LANG", "zh")
    table = execution.counter_table(
        {"one": result}, "global_load_requests", "shared_bytes_per_block", "local_bytes_per_thread"
    )
    assert [line.split() for line in table.splitlines()] == [
        ["每线程块", "每线程"], ["全局内存", "共享内存", "局部内存"], ["加载请求", "字节", "字节"], ["one", "4", "0", "0"],
    ]  # fmt: skip
    with pytest.raises(execution.WrongResult, match=r"模拟器：64 个元素中有 64 个不同，第一个在 \(0,\)：得到"):
        execution.execute(kernel, [A, B], reference.vector_add(A, B) + 1)


def test_an_unknown_counter_is_refused(kernel):
    result = execution.execute(kernel, [A, B], reference.vector_add(A, B))
    with pytest.raises(ValueError, match=r"counters: got 'sectors', there are global_load_requests"):
        execution.counter_table({"one": result}, "sectors")
