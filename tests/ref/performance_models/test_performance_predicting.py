"""Predicted times by hand, the order of the kernels against the record, and pairs that a model of caches takes for equal."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tvm.s_tir import Schedule
from tvm.script import tirx as T

from mlc_ref.cache_model import access_order
from mlc_ref.cache_model.levels import misses_by_cause, send_through
from mlc_ref.gpu.execution import WrongResult
from mlc_ref.performance_models import blindness, compared, measuring
from mlc_ref.performance_models import programs as own
from mlc_ref.performance_models.compared import Kernel, rank_correlation, recorded
from mlc_ref.performance_models.core_time import arithmetic, core_time, nests
from mlc_ref.performance_models.machine import EXAMPLE, Level
from mlc_ref.performance_models.predicting import predict
from mlc_ref.schedules import primitives, programs
from mlc_ref.schedules.kernels import programs as kernels

# Eight lanes; 1 ns for each vector instruction, for each load or store of 32 bytes, and 3 ns for each result waited for.
M = replace(EXAMPLE.with_level("L1", gbytes=32), gflops=16, lanes=8, fma_ns=3)


def nanoseconds(subject):
    found = core_time(subject, M)
    return tuple(round(each * 1e9, 6) for each in (found.compute, found.accesses, found.chains, found.total))


def test_a_loop_whose_accesses_are_contiguous_runs_on_vectors():
    # 64 elements are 8 vectors: a multiply-add, a load and a store each.
    assert nanoseconds(programs.scale_add(64)) == (8, 16, 0, 16)
    assert nanoseconds(programs.scale_add(60)) == (8, 16, 0, 16)


def test_a_sum_waits_for_each_of_its_additions():
    # The sum stays in a register: 64 loads of X, one of the sum, its store, and that of zero.
    assert nanoseconds(programs.total(64)) == (64, 64 + 3, 3 * 64, 3 * 64)


@T.prim_func(s_tir=True)
def from_elsewhere(X: T.Buffer((64,), "float32"), S: T.Buffer((2,), "float32")):
    for k in range(64):
        with T.sblock("S"):
            vk = T.axis.opaque(64, k)
            S[0] = S[1] + X[vk]


def test_a_statement_that_reads_another_element_than_it_writes_waits_for_nothing():
    assert nanoseconds(from_elsewhere)[2] == 0


def test_sums_side_by_side_wait_together():
    whole = nanoseconds(own.read_again(1, 32, 8))
    assert whole[2] == 32 * 3
    assert nanoseconds(own.read_again(1, 4, 64))[2] == 4 * 3


def test_a_loop_along_a_column_runs_on_single_numbers():
    compute, accesses, _, _ = nanoseconds(programs.transpose(8, 16))
    assert (compute, accesses) == (0, 2 * 16 * 8)


def test_what_a_loop_does_not_change_is_loaded_before_it():
    rows = primitives.reorder(programs.matmul(8, 8, 8))  # i, k, j
    (nest,) = nests(rows)
    (update,) = [each for each in nest.accesses if len(each[1]) == 3]
    slots = nest.slots(8)
    counted = {str(a.buffer.name): nest.instructions(update[0], a, slots) for a in update[1]}
    assert counted == {"C": 64, "A": 64, "B": 64}  # of 512; A once for each vector of j


def test_registers_cost_nothing():
    assert (
        core_time(primitives.cache_write(programs.matmul(8, 8, 8)), M).accesses
        < core_time(programs.matmul(8, 8, 8), M).accesses + 1e-12
    )
    sch = Schedule(programs.total(64))
    sch.cache_write("S", 0, "local")
    assert nanoseconds(sch)[1] == 64 + 1  # and the sum's store


def test_a_multiplication_that_is_added_to_is_no_instruction_of_its_own():
    values = {
        str(e.statement.buffer.name): arithmetic(e.value) for n in nests(kernels.layer_norm(2, 8)) for e in n.statements
    }
    assert values["squares"] == 1 + 1 + 1  # two subtractions, of which the product is added
    assert values["mean"] == 1


def test_nests_are_the_statements_in_the_same_loops():
    assert [len(nest.statements) for nest in nests(programs.matmul_relu(2, 3, 4))] == [2, 1]
    assert len(nests(kernels.softmax(2, 8))[1].statements) == 7  # six bound values and the store


def test_the_slowest_part_decides_and_has_a_name():
    small = replace(
        M, levels=(Level("L1", 256, 4, gbytes=32, latency_ns=1), Level("L2", 4096, 4, gbytes=1, latency_ns=4))
    )
    found = predict(programs.scale_add(64), small)  # eight lines, four of them written, none of which L1 still holds
    assert found.moved_bytes == {"L2": 8 * 64 + 4 * 64, "memory": 0}
    assert found.time == pytest.approx(768e-9)
    assert (found.limited_by.en, found.limited_by.zh) == ("bytes from and to L2", "与 L2 之间的字节")
    assert found.parts["accesses"] == pytest.approx(16e-9)
    assert predict(programs.scale_add(64), small.with_level("L2", gbytes=100)).limited_by.en == "loads and stores"
    assert predict(programs.total(64), M).limited_by.en == "chains of dependent results"
    softmax = predict(
        kernels.softmax(16, 512), EXAMPLE, warm=False
    )  # no single part is as slow as the core's nests in a row
    assert softmax.time == softmax.core.total > softmax.moving["memory"] > softmax.core.chains
    assert softmax.limited_by.en == "chains of dependent results"
    assert predict(programs.scale_add(64), M, warm=False).moved_bytes["memory"] == 768
    assert predict(programs.scale_add(64), M).moved_bytes["memory"] == 0


def test_faster_parts_make_a_prediction_no_slower():
    sch = primitives.reorder(programs.matmul(16, 16, 16))
    before = predict(sch, M).time
    assert predict(sch, replace(M, gflops=32, fma_ns=1)).time <= before
    assert predict(sch, M.with_level("L1", gbytes=64)).time < before


def test_the_record_ranks_both_groups_of_kernels_as_the_model_does():
    record = recorded()
    for group in ("matmul", "rows"):
        assert record.rank_correlation(group) >= 0.9
        assert all(rank_correlation(record.predicted[group], run[group]) >= 0.9 for run in record.runs)
    assert len(record.runs) == 3
    with pytest.raises(KeyError):
        record.measured("other")


def test_the_record_holds_what_the_model_says_now():
    """The quickest to trace of the ladder; ``benchmarks/predicted.py`` predicts the others alike."""
    record = recorded()
    chosen = {"register_tiled": compared.matmul_ladder(record.machine)["register_tiled"]}
    for group, kernels_of in (("matmul", chosen), ("rows", compared.row_kernels(record.machine))):
        for name, prediction in compared.predicted(kernels_of, record.machine).items():
            assert prediction.time == pytest.approx(record.predicted[group][name], rel=1e-3), name


def test_the_figures_of_a_machine_survive_the_record():
    assert compared.from_json(compared.as_json(EXAMPLE), EXAMPLE.name) == EXAMPLE


def test_the_correlation_of_ranks_knows_order_and_ties():
    first = {"a": 1.0, "b": 2.0, "c": 3.0}
    assert rank_correlation(first, {"c": 30.0, "a": 10.0, "b": 20.0}) == pytest.approx(1)
    assert rank_correlation(first, {"a": 3, "b": 2, "c": 1}) == pytest.approx(-1)
    assert rank_correlation({"a": 1, "b": 1, "c": 2}, first) == pytest.approx(0.866, abs=1e-3)
    for other in ({"a": 1.0}, {"a": 1.0, "b": 2.0, "d": 3.0}):
        with pytest.raises(ValueError, match="allowed the same programs in both"):
            rank_correlation(first, other)
    with pytest.raises(ValueError, match="two at least"):
        rank_correlation({"a": 1}, {"a": 1})


def test_kernels_are_compared_with_numpy_before_they_are_timed(monkeypatch):
    ladder = compared.matmul_ladder(replace(M, lanes=4), 16)
    right = {name: ladder[name] for name in ("naive", "register_tiled")}
    assert all(each > 0 for each in compared.measured(right, rounds=1, min_seconds=5e-3).values())
    monkeypatch.setattr(compared, "cpu_seconds", lambda *_, **__: pytest.fail("it was timed"))
    wrong = {**right, "other": Kernel(ladder["naive"].schedule, ladder["naive"].inputs, ladder["naive"].expected + 1)}
    with pytest.raises(WrongResult):
        compared.measured(wrong)


def test_row_kernels_compute_what_numpy_does():
    for each in compared.row_kernels(replace(M, lanes=4), (4, 16)).values():
        measuring.checked(each.schedule, each.inputs, each.expected.astype("float32"))
    with pytest.raises(ValueError, match="lanes: got 5, allowed 4, 8 or 16"):
        compared.features_with(5)


PAIRS: dict[str, Callable[[], blindness.Blind]] = {
    "vectors": blindness.vectors, "latency": blindness.latency,  # at the sizes that are timed
    "prefetch": lambda: blindness.prefetch(4096), "translation": lambda: blindness.translation(4096),
}  # fmt: skip


@pytest.mark.parametrize("name", blindness.BLIND)
def test_the_programs_of_a_pair_are_right_and_miss_equally_often(name):
    pair = PAIRS[name]()
    traffic = []
    for kernel in (pair.quick, pair.slow):
        measuring.checked(kernel.schedule, kernel.inputs, kernel.expected.astype("float32"))
        order = access_order(kernel.schedule)
        loads = order.owners == [str(b.name) for b in order.buffers].index("X")
        assert len(np.unique(order.elements[loads])) == loads.sum()  # each element once
        traffic.append(send_through(order, EXAMPLE.levels)[0].fetched_bytes)
    assert abs(traffic[0] - traffic[1]) <= 7 * 64  # but for the lines of the sums
    assert pair.about.zh
    assert pair.why.zh


def test_the_record_says_that_the_second_of_each_pair_was_slower():
    assert set(recorded().slower) == set(blindness.BLIND)
    assert min(recorded().slower.values()) > 1.2


def test_an_order_that_would_leave_lines_out_is_refused():
    with pytest.raises(ValueError, match="lines: got 4097, allowed multiples of 64 squared"):
        blindness.translation(4097)


def test_padding_removes_the_conflicts_of_a_column_and_nothing_else():
    level = EXAMPLE.level("L1")
    crowded, padded = (access_order(own.column_sums(64, 16, pitch)) for pitch in (1024, 1024 + 16))
    found, mended = misses_by_cause(crowded, level), misses_by_cause(padded, level)
    assert (found.compulsory, found.capacity) == (mended.compulsory, mended.capacity) == (64 + 1, 0)
    assert found.conflict > 900
    assert mended.conflict == 0
