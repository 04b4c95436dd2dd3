"""The access explorer's data, against addresses worked out by hand."""

import gzip
import json

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import reduction, transpose, vector_add, window_sum
from mlc_ref.gpu_sim import simulate
from mlc_ref.viz import explore_access
from mlc_ref.viz.access import runs


def ran(step, program, shape, out):
    return simulate(step(Schedule(program)).mod, [np.ones(shape, "float32")], [(out, "float32")])


@pytest.fixture(scope="module")
def transposes():
    return {name: ran(step, programs.transpose(64, 96), (64, 96), (96, 64)) for name, step in transpose.LADDER.items()}


def data_of(widget):
    return json.loads(widget.to_json())


def accesses(widget):
    return {(a["buffer"], a["kind"]): a for row in data_of(widget)["statements"] for a in row["accesses"]}


def decoded(pairs):
    return np.cumsum([step for step, times in pairs for _ in range(times)]).tolist()


def test_numbers_are_kept_as_runs_of_differences():
    assert runs(np.array([3, 4, 5, 5])) == [[3, 1], [1, 2], [0, 1]]
    assert runs(np.arange(0, 256, 8)) == [[0, 1], [8, 31]]
    assert runs(np.array([0, 1, -1])) == [[0, 1], [1, 1], [-2, 1]]


def test_neighbouring_threads_of_a_vector_addition_touch_neighbours():
    kernel = vector_add.one_element_a_thread(Schedule(programs.vector_add(1024))).mod
    result = simulate(kernel, [np.ones(1024, "float32")] * 2, [((1024,), "float32")])
    found = accesses(explore_access(result))
    assert set(found) == {("A", "load"), ("B", "load"), ("C", "store")}
    threads = result.kernels[0].threads
    assert found["A", "load"]["threads"][1] == [[threads, 1], [1, threads - 1]]
    assert found["A", "load"]["cost"][0] == [4] * (threads // 32)


def test_a_naive_transpose_reads_a_column_and_writes_a_row(transposes):
    found = accesses(explore_access(transposes["naive"]))
    read, written = found["A", "load"], found["B", "store"]
    assert decoded(read["threads"][0])[:3] == [0, 96, 192]
    assert decoded(written["threads"][0])[:3] == [0, 1, 2]
    assert (read["cost"][0][0], written["cost"][0][0]) == (32, 4)


def test_padding_a_tile_takes_the_passes_from_32_to_1(transposes):
    shared = accesses(explore_access(transposes["shared"]))["A_shared", "load"]
    padded = accesses(explore_access(transposes["padded"]))["A_shared", "load"]
    assert decoded(shared["threads"][0])[:3] == [0, 32, 64]
    assert decoded(padded["threads"][0])[:3] == [0, 33, 66]
    assert (shared["cost"][0][0], padded["cost"][0][0]) == (32, 1)
    assert shared["shared"]


def test_costs_of_a_statement_that_runs_once_add_up_to_the_counters(transposes):
    kernel = vector_add.one_element_a_thread(Schedule(programs.strided_copy(128, 8, 0)), block="copy").mod
    result = simulate(kernel, [np.ones(1024, "float32")], [((128,), "float32")])
    load = accesses(explore_access(result))["A", "load"]
    assert sum(map(sum, load["cost"])) == result.counters.global_load_sectors == 128


def test_statements_stand_in_the_order_of_the_program(transposes):
    data = data_of(explore_access(transposes["padded"], shapes={"A": (64, 96)}))
    assert [[a["buffer"] for a in row["accesses"]] for row in data["statements"]] == [
        ["A", "A_shared"],
        ["A_shared", "B"],
    ]
    assert (data["grid"], data["block"], data["shapes"]) == ([2, 3, 1], [32, 8, 1], {"A": [64, 96]})


def test_only_buffers_asked_for_are_shown():
    result = ran(window_sum.from_shared, programs.window_sum(1024), 1026, (1024,))
    assert set(accesses(explore_access(result, buffers={"A"}))) == {("A", "load")}


def test_threads_without_a_part_are_minus_one():
    kernel = vector_add.one_element_a_thread(Schedule(programs.vector_add(40))).mod
    result = simulate(kernel, [np.ones(40, "float32")] * 2, [((40,), "float32")])
    indices = decoded(accesses(explore_access(result))["A", "load"]["threads"][0])
    assert indices[38:42] == [38, 39, -1, -1]


def test_without_scripts_a_table_says_what_a_warp_costs(transposes):
    fallback = explore_access(transposes["naive"]).fallback
    assert "32 sector(s)" in fallback
    assert "32 个扇区" in fallback
    assert "0, 96, 2,976" in fallback


def test_a_kernel_weighs_little(transposes):
    for result in transposes.values():
        assert len(gzip.compress(explore_access(result).page_html().encode())) < 4_000


def test_several_kernels_are_refused():
    result = ran(reduction.two_kernels, programs.total(10_000), 10_000, (1,))
    with pytest.raises(ValueError, match=r"2 kernels ran, give one of result\.kernels"):
        explore_access(result)
    assert explore_access(result.kernels[0]).name == "access"


def test_a_shape_for_a_buffer_that_is_not_there_is_refused(transposes):
    with pytest.raises(ValueError, match="shapes: got 'Z', the buffers are A, B"):
        explore_access(transposes["naive"], shapes={"Z": (1,)})


def test_a_choice_that_leaves_nothing_is_refused(transposes):
    with pytest.raises(ValueError, match="has no access of global or shared memory that was asked for"):
        explore_access(transposes["naive"], buffers={"Z"})
