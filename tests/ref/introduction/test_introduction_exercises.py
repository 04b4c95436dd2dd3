"""The introduction's exercises: several right answers earn all points, typical wrong ones lose the right part."""

import linecache
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from introduction_answers import (
    WRONG_LOOPS,
    adds_one,
    backwards,
    forgets_the_last_row,
    no_relu,
    python_sum,
    rebinds_y,
    rows_by_slices,
    scatter_loops,
    whole_arrays,
    with_types_and_imported_names,
)

from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.local import judge
from mlc_course.root import course_root
from mlc_ref.introduction.counting import Layer

TASKS = {task.name: task for task in load_tasks("introduction")}
RIGHT_CHOICES = {
    **{"f1": "development", "f2": "deployment", "f3": "development", "f4": "deployment", "f5": "deployment"},
    **{"a1": "tensor program", "a2": "instructions", "a3": "graph", "a4": "library", "a5": "tensor program"},
    **{"a6": "instructions", "t1": "same", "t2": "different", "t3": "same", "t4": "different", "t5": "same"},
}


def report(name, answer, seed=0):
    return judge(TASKS[name], answer, np.random.default_rng(seed), language="en")


def failed(name, answer):
    return {part.name for part in report(name, answer).results if not part.passed}


def message(name, answer, part):
    (result,) = [r for r in report(name, answer).results if r.name == part]
    return f"{result.message.en} {result.hint.en if result.hint else ''}"


def solutions():
    """The solutions of the source file, as the instructor's notebook runs them."""
    scope = {"np": np}
    for number, cell in enumerate(load_exercise("introduction").cells):
        if cell.role in ("setup", "answer", "example"):
            name = f"<ipython-input-{number}>"  # a notebook keeps the text of its cells
            linecache.cache[name] = (len(cell.source), None, cell.source.splitlines(keepends=True), name)
            exec(compile(cell.source, name, "exec"), scope)
    return {"forms": scope["answers"], "count": scope["count"], "loops": scope["linear_relu"]}


def test_the_points_of_the_set():
    assert {name: task.points for name, task in TASKS.items()} == {"forms": 6, "count": 6, "loops": 7}


@pytest.mark.parametrize("title", [part.title for name in ("loops",) for part in TASKS[name].parts], ids=lambda t: t.en)
def test_the_text_names_the_parts_of_the_loop_exercise(title):
    text = (course_root() / "exercises" / "introduction" / "exercise.md").read_text("utf-8")
    assert title.en in text
    assert title.zh in text


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_sources_own_solution_earns_all_points(name, seed):
    assert report(name, solutions()[name], seed).passed


# forms


def test_all_choices_right_earn_all_points_whatever_else_the_dict_holds():
    assert failed("forms", RIGHT_CHOICES) == set()
    assert failed("forms", {**RIGHT_CHOICES, "note": "mine"}) == set()


@pytest.mark.parametrize(
    ("key", "choice", "part"),
    [("f3", "deployment", "form"), ("a4", "graph", "abstraction"), ("t2", "same", "equivalence")],
)
def test_one_wrong_choice_loses_its_group_alone_and_is_not_named(key, choice, part):
    answers = {**RIGHT_CHOICES, key: choice}
    assert failed("forms", answers) == {part}
    text = message("forms", answers, part)
    assert key not in text
    assert RIGHT_CHOICES[key] not in text


def test_a_word_that_is_no_choice_is_pointed_at():
    answers = {**RIGHT_CHOICES, "a1": "TensorIR"}
    assert failed("forms", answers) == {"abstraction"}
    assert "where: a1" in message("forms", answers, "abstraction")


def test_missing_answers_are_listed():
    answers = {key: value for key, value in RIGHT_CHOICES.items() if key not in ("f2", "f4")}
    assert "no answer to f2, f4" in message("forms", answers, "form")


@pytest.mark.parametrize("answer", [{}, [], "development", None])
def test_the_starter_and_other_shapes_earn_nothing(answer):
    assert report("forms", answer).score == 0


# count


def count_by_elements(sizes, batch, item_bytes):
    """Another right answer: tensors as shapes, operators as lists of them."""
    elements = lambda *shape: int(np.prod(shape))  # noqa: E731
    flops = parameters = separate = fused = 0
    for number in range(1, len(sizes)):
        k, m = sizes[number - 1], sizes[number]
        x, w, b, y = elements(batch, k), elements(k, m), elements(m), elements(batch, m)
        operators = [[x, w, y], [y, b, y]] + ([[y, y]] if number < len(sizes) - 1 else [])
        separate += sum(sum(operator) for operator in operators)
        flops += y * (2 * k + len(operators) - 1)
        parameters += w + b
        fused += sum([x, w, b, y])
    bytes_of = {"parameter_bytes": parameters, "separate_bytes": separate, "fused_bytes": fused}
    return {"flops": flops, **{key: item_bytes * value for key, value in bytes_of.items()}}


def count_by_arrays(sizes, batch, item_bytes):
    """Another right answer: NumPy integers."""
    k, m = np.array(sizes[:-1]), np.array(sizes[1:])
    result, relu = batch * m, batch * m[:-1].sum()
    return {
        "flops": (2 * result * k + result).sum() + relu,
        "parameter_bytes": item_bytes * (k * m + m).sum(),
        "separate_bytes": item_bytes * ((batch * k + k * m + 3 * result + m).sum() + 2 * relu),
        "fused_bytes": item_bytes * (batch * k + k * m + m + result).sum(),
    }


def count_in_a_counter(sizes, batch, item_bytes):
    """Another right answer: what is added up in a Counter, one of the numbers an array without axes."""
    counts: Counter[str] = Counter(count_by_elements(sizes, batch, item_bytes))
    counts["flops"] = np.asarray(counts["flops"])  # type: ignore[assignment]
    return counts


@pytest.mark.parametrize("answer", [count_by_elements, count_by_arrays, count_in_a_counter])
def test_other_formulas_earn_all_points(answer):
    assert failed("count", answer) == set()


def changed(**changes):
    """The right counts with some replaced: ``name=function(right value, sizes, batch, item_bytes)``."""

    def count(sizes, batch, item_bytes):
        right = count_by_elements(sizes, batch, item_bytes)
        return {**right, **{key: f(right[key], sizes, batch, item_bytes) for key, f in changes.items()}}

    return count


WRONG_COUNTS = {
    "relu after the last layer": (changed(flops=lambda v, s, n, b: v + n * s[-1]), {"flops"}),
    "a multiply-add is one operation": (
        changed(flops=lambda v, s, n, b: v - n * sum(i * o for i, o in pairwise(s))),
        {"flops"},
    ),
    "no bias": (changed(parameter_bytes=lambda v, s, n, b: v - b * sum(s[1:])), {"parameter_bytes"}),
    "parameters for every image": (changed(parameter_bytes=lambda v, s, n, b: v * n), {"parameter_bytes"}),
    "float32 always": (changed(fused_bytes=lambda v, s, n, b: v // b * 4), {"fused_bytes"}),
    "bits": (changed(separate_bytes=lambda v, s, n, b: 8 * v), {"separate_bytes"}),
    "k - 1 additions": (changed(flops=lambda v, s, n, b: v - n * sum(s[1:])), {"flops"}),
    "all layers fused": (changed(fused_bytes=lambda v, s, n, b: v - 2 * b * n * sum(s[1:-1])), {"fused_bytes"}),
    "first layer alone": (lambda s, n, b: count_by_elements(s[:2], n, b), {part.name for part in TASKS["count"].parts}),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_COUNTS)
def test_a_wrong_formula_loses_its_part(name):
    answer, parts = WRONG_COUNTS[name]
    assert failed("count", answer) == parts


def test_a_division_that_makes_floats_is_hinted_at():
    answer = changed(flops=lambda v, s, n, b: v / 1)
    assert failed("count", answer) == {"flops"}
    assert "float" in message("count", answer, "flops")
    assert "//" in message("count", answer, "flops")


def test_a_wrong_count_is_met_with_a_hint_that_is_about_it():
    answer = changed(parameter_bytes=lambda v, s, n, b: v * n)
    assert "the batch does not matter" in message("count", answer, "parameter_bytes")


def test_the_chapters_counts_of_one_layer_are_not_the_answer():
    as_dict = lambda sizes, batch, item_bytes: vars(Layer(batch, sizes[0], sizes[-1], item_bytes))  # noqa: E731
    assert report("count", Layer).score == 0
    assert report("count", as_dict).score == 0


def test_a_missing_key_is_said():
    assert "key 'flops'" in message("count", lambda s, n, b: {}, "flops")
    assert report("count", lambda s, n, b: 12).score == 0


# loops


@pytest.mark.parametrize("answer", [scatter_loops, python_sum, backwards, with_types_and_imported_names])
def test_other_loop_orders_earn_all_points(answer):
    assert failed("loops", answer) == set()


@pytest.mark.parametrize("answer", WRONG_LOOPS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_wrong_program_loses_the_parts_it_breaks(answer, seed):
    lost = {part.name for part in report("loops", answer, seed).results if not part.passed}
    assert lost == WRONG_LOOPS[answer]


def test_a_hint_fits_what_was_found():
    for words, answer in {"below 0": no_relu, "never written": forgets_the_last_row, "by hand": adds_one}.items():
        part = report("loops", answer).results[0 if answer is adds_one else 1]
        assert words in part.hint.en


def test_a_rebound_name_is_explained():
    assert "Assigning to the name y only makes" in message("loops", rebinds_y, "numbers")


def test_a_whole_array_operation_is_named():
    assert "y[...]" in message("loops", whole_arrays, "numbers")
    assert "line 4 of your function" in message("loops", rows_by_slices, "numbers")
