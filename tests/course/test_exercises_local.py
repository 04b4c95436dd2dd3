"""Judging an answer in this process: every kind of answer, right and wrong, and what the messages say."""

import functools
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tvm
from present import present
from tvm.script import tirx as T

from mlc_course.exercises.answers import prepare
from mlc_course.exercises.catalog import load_task
from mlc_course.exercises.local import judge
from mlc_course.exercises.plain import NotPlain, input_copy
from mlc_course.exercises.reports import append_report, read_reports, report_from_json, report_to_json
from mlc_ref.checks import Task, arrays_match
from mlc_ref.language import Text
from mlc_ref.targets import features_from_flags

TOY = Path(__file__).parent / "data" / "toy"
TITLE = Text("Title", "标题")


def task(name: str) -> Task:
    return load_task("toy", name, TOY)


def split_schedule(factors=(15, 4)):
    import tvm

    schedule = tvm.s_tir.Schedule(present(task("split").module)())
    (i,) = schedule.get_loops(schedule.get_sblock("B"))
    schedule.split(i, list(factors))
    return schedule


@T.prim_func(s_tir=True)
def write_half(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    for i in range(30):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            B[v] = A[v]


def messages(report, lang="en"):
    return [part.message.get(lang) if part.message else None for part in report.results]


def test_right_answers_of_every_kind_get_full_marks():
    assert judge(task("axis"), "reduction").passed
    assert judge(task("double"), lambda x: x + x).passed
    assert judge(task("scale"), present(task("split").module)()).passed
    assert judge(task("split"), split_schedule()).passed


def sampling_task(seed):
    return Task("tiles", kind="trace", title=TITLE, module=task("split").module, seed=seed)


def test_what_an_answer_happened_to_draw_changes_nothing_in_a_task_with_a_seed():
    seen = set()
    for drawn in ([60, 1], [4, 15], [5, 12]):
        schedule = tvm.s_tir.Schedule(present(task("split").module)())
        (i,) = schedule.get_loops("B")
        schedule.split(i, schedule.sample_perfect_tile(i, n=2, decision=drawn))
        seen.add(prepare(sampling_task(9), schedule).mod.script())
        assert f"T.grid({drawn[0]}, {drawn[1]})" in prepare(sampling_task(None), schedule).mod.script()
    assert len(seen) == 1


def test_a_seed_is_refused_for_answers_that_cannot_sample():
    with pytest.raises(ValueError, match="tiles: a seed is for kind 'trace'"):
        Task("tiles", kind="program", title=TITLE, seed=9)


def test_a_single_function_is_taken_as_a_module():
    assert judge(task("scale"), present(task("split").module)()["main"]).passed


def test_parts_are_judged_one_by_one():
    def in_place(x):
        x *= 2
        return x

    report = judge(task("double"), in_place)
    assert (report.score, report.points) == (3, 4)
    assert report.results[1].hint == Text("Allocate a new array.", "请分配新数组。")
    assert judge(task("split"), split_schedule((4, 15))).score == 1


@pytest.mark.parametrize(
    ("name", "answer", "wanted"),
    [
        ("axis", lambda: 1, "plain numbers, text, lists or dicts; found: answer: got function"),
        ("axis", np.zeros(2), "got ndarray"),
        ("double", 3, "a Python function; found: a value of type int"),
        ("double", int, "a Python function; found: a value of type type"),
        ("scale", "text", "an IRModule; found: a value of type str"),
        ("split", 3, r"a Schedule \(tvm.s_tir.Schedule\); found: a value of type int"),
    ],
)
def test_an_answer_of_another_kind_is_told_what_is_wanted(name, answer, wanted):
    report = judge(task(name), answer)
    assert report.score == 0
    assert messages(report)[0] is not None
    with pytest.raises(AssertionError, match=wanted):
        raise AssertionError(messages(report)[0])


def test_a_schedule_in_place_of_a_module_is_pointed_at_its_module():
    report = judge(task("scale"), split_schedule())
    assert report.results[0].hint is not None
    assert "attribute `mod`" in report.results[0].hint.en


@pytest.mark.parametrize("answer", [None, ..., NotImplemented])
def test_a_missing_answer_counts_as_not_solved(answer):
    assert messages(judge(task("axis"), answer)) == ["expected: your solution; found: the starter code, not solved yet"]


def unsolved(x):
    raise NotImplementedError


def raises(x):
    return x[99]


def leaves(x):
    raise SystemExit(0)


def test_an_unsolved_function_counts_as_not_solved_in_both_languages():
    report = judge(task("double"), unsolved)
    assert report.score == 0
    assert messages(report, "zh")[0] == "期望：你的解答；实际：尚未完成的起始代码"


def endless(x):
    while True:
        try:
            x = -x
        except Exception:
            continue


def test_an_endless_answer_is_interrupted_after_its_time_and_keeps_what_it_earned():
    slow = Task("slow", kind="program", title=TITLE)
    slow.run("one", points=1, title=Text("one", "一"))(lambda call, rng: None)
    slow.run("two", points=1, title=Text("two", "二"))(lambda call, rng: call(1))
    slow.run("three", points=1, title=Text("three", "三"))(lambda call, rng: call(1))
    report = judge(slow, endless, seconds=1)
    assert [part.earned for part in report.results] == [1, 0, 0]
    assert "1 秒后仍在运行，已被中断；位置：你的单元第 " in present(report.results[1].message).zh
    assert messages(report)[2] == "for the same reason as “two”"


def test_a_check_beside_the_main_thread_runs_without_a_limit():
    with ThreadPoolExecutor() as pool:
        assert pool.submit(judge, task("double"), lambda x: 2 * x, seconds=1e-6).result().passed


def test_the_alarm_of_a_check_is_given_back():
    before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0] > 0
    judge(task("double"), unsolved)
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0] > 0) == before


@pytest.mark.parametrize("answer", [unsolved, None, 3])
def test_what_all_parts_share_is_told_once(answer):
    told = messages(judge(task("double"), answer))
    assert len(told[0]) > len(told[1]) > 0
    assert told[1:] == ["for the same reason as “right numbers”"]


def test_an_exception_is_reported_with_type_message_and_line():
    message = messages(judge(task("double"), raises))[0]
    assert "IndexError: index 99 is out of bounds" in message
    assert "of your cell: return x[99]" in message


def test_leaving_python_is_a_failure_and_not_the_end():
    assert "SystemExit" in messages(judge(task("double"), leaves))[0]


def test_a_result_that_is_not_plain_data_is_refused():
    class Always(np.ndarray):
        def __eq__(self, other):
            return True

    report = judge(task("double"), lambda x: np.zeros(x.shape, x.dtype).view(Always))
    assert report.results[0].earned == 0
    assert "result: got Always" in messages(report)[0]


def test_a_schedule_that_a_program_returns_is_told_where_its_module_is():
    report = judge(task("double"), lambda x: split_schedule())
    assert "result: got Schedule" in messages(report)[0]
    assert "`mod`" in present(report.results[0].hint).zh


def test_an_answer_cannot_reach_what_the_judge_keeps():
    kept = Task("kept", kind="program", title=TITLE)

    @kept.run("same", points=1, title=TITLE)
    def same(call, rng):
        x = np.arange(4.0)
        result = call(x)
        arrays_match(result, np.zeros(4))
        arrays_match(x, np.arange(4.0))

    results = []

    def remembers(x):
        x[:] = 0
        results.append(x)
        return x

    assert judge(kept, remembers).passed


def test_outputs_that_are_never_written_are_noticed():
    halves = Task("halves", kind="module", title=TITLE)

    @halves.run("all", points=1, title=TITLE)
    def everything(call, rng):
        x = rng.random(60, dtype="float32")
        arrays_match(call(x, out=[((60,), "float32")]), x)

    assert "found: nan (30 of 60 elements differ)" in messages(judge(halves, write_half))[0]


def test_a_module_without_the_entry_is_told_its_functions():
    import tvm

    renamed = tvm.IRModule({"other": present(task("split").module)()["main"].with_attr("global_symbol", "other")})
    assert "a function named main; found: other" in messages(judge(task("scale"), renamed))[1]


def test_steps_that_do_not_fit_the_tasks_module_are_explained():
    import tvm
    from tvm import te

    a = te.placeholder((60,), "float32", name="A")
    other = tvm.IRModule({"main": te.create_prim_func([a, te.compute((60,), lambda i: a[i] + 1.0, name="C")])})
    schedule = tvm.s_tir.Schedule(other)
    schedule.get_loops(schedule.get_sblock("C"))
    report = judge(task("split"), schedule)
    assert report.score == 0
    assert "steps apply to the module of this exercise" in messages(report)[0]


def test_secret_inputs_are_fresh_each_time_and_repeatable_from_the_seed():
    inputs = []
    program = Task("inputs", kind="program", title=TITLE)

    @program.run("a", points=1, title=TITLE)
    def first(call, rng):
        call(rng.random(3))

    def remember(x):
        inputs.append(x)
        return x

    report = judge(program, remember)
    judge(program, remember)
    judge(program, remember, np.random.default_rng(report.seed))
    assert not np.array_equal(inputs[0], inputs[1])
    assert np.array_equal(inputs[0], inputs[2])


def test_programs_can_be_given_functions_of_the_reference_package():
    partial = functools.partial(features_from_flags, {"avx2"})
    assert input_copy(partial) is partial
    with pytest.raises(NotPlain, match="input 0: got function"):
        input_copy(messages, place="input 0")


def test_reports_survive_json(tmp_path):
    report = judge(task("double"), lambda x: x, language="zh")
    assert report_from_json(report_to_json(report)) == report
    append_report(tmp_path / "reports", report)
    append_report(tmp_path / "reports", report)
    assert read_reports(tmp_path / "reports") == [report, report]
    assert read_reports(tmp_path / "none") == []
