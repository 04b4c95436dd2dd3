"""An instructor's own test cells, plain asserts with hidden lines, are run in the box and judged; hidden lines stay hidden."""

import json
from typing import Any

import pytest
from nbformat.v4 import new_code_cell
from submissions import LIGHT, known_cells_of_toy, toy_notebook

from mlc_course.grading.classroom.preprocessors import enter
from mlc_course.grading.judging.own_tests import Passed, outcome_of, report_of, runnable
from mlc_course.grading.judging.remarks import result_remarks
from mlc_course.grading.vetting.cell_text import released
from mlc_course.grading.vetting.notebook import Known, sanitize
from mlc_ref.checks.failure import CheckFailure

SECRET = "-12345"
TEST = f"""assert triple(2) == 6, "two times three"
### BEGIN HIDDEN TESTS
assert triple({SECRET}) == -37035, "negative numbers"
### END HIDDEN TESTS"""
OPEN_TEST = "assert triple(2) == 6"
PARTIAL = "points = 0\nif triple(1) == 3:\n    points += 2\nif triple(0) == 0:\n    points += 1.5\npoints"
RIGHT = "def triple(x):\n    return 3 * x"
STARTER = "def triple(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def known_with(test: str, points: float = 5.0) -> dict[str, Known]:
    own = {"own-answer": Known("code", STARTER, solution=True)}
    own["own-test"] = Known("code", test, grade=True, locked=True, points=points)
    return {**known_cells_of_toy(), **own}


def graded(grader: Any, answer: str, test: str = TEST, *, before: str = "", last: str = "") -> tuple[Any, Any]:
    """The result and the graded notebook of a submission with an answer of an instructor's own exercise."""
    notebook = toy_notebook(LIGHT, solved=False)
    claims = [{"nbgrader": {"grade_id": name}} for name in ("own-answer", "own-test")]
    notebook.cells += [new_code_cell(before), new_code_cell(answer, metadata=claims[0])]
    notebook.cells += [new_code_cell(released(test), metadata=claims[1]), new_code_cell(last)]
    notebook = sanitize(notebook, known_with(test))
    result = grader.grade(notebook, None)
    enter(notebook, result)
    return result, notebook


@pytest.mark.parametrize(
    ("answer", "test", "expected"),
    [
        (RIGHT, TEST, 5),
        (RIGHT, OPEN_TEST, 5),
        (RIGHT, PARTIAL, 3.5),
        ("import warnings, sys\n" + RIGHT + "\nwarnings.warn('old')\nprint('noise', file=sys.stderr)", TEST, 5),
        ("def triple(x):\n    print('x is', x)\n    return 3 * x", TEST, 5),
        (RIGHT, "%time noise = 1\nassert triple(1) == 3", 5),
        (RIGHT, "assert triple(1) == 3\ntriple(1) == 3", 5),
        ("def triple(x):\n    return abs(3 * x)", TEST, 0),
        ("triple = lambda x: 3 * x + (x == 1)", PARTIAL, 1.5),
        (STARTER, TEST, 0),
        ("pass", TEST, 0),
    ],
)
def test_a_test_of_the_instructors_own_gives_the_points_it_would_give_in_plain_nbgrader(
    toy_grader, answer, test, expected
):
    result, notebook = graded(toy_grader, answer, test)
    assert result["items"]["own-test"]["score"] == expected, result["items"]["own-test"]
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "own-test")
    assert cell.outputs[-1].data["text/plain"] == str(expected)
    assert result["unjudged"] == {}


def test_the_report_names_the_line_that_failed_and_says_nothing_of_a_hidden_one(toy_grader):
    result, notebook = graded(toy_grader, "def triple(x):\n    return abs(3 * x)")
    told = json.dumps([result["items"]["own-test"], notebook.cells])
    assert "AssertionError: negative numbers" in told
    assert "a hidden test" in told
    assert SECRET not in told
    result, _ = graded(toy_grader, "def triple(x):\n    return x", OPEN_TEST)
    assert OPEN_TEST in result["items"]["own-test"]["parts"][0]["message"]["en"]


def test_an_error_of_an_answer_is_not_told_by_the_answers_own_words_where_a_test_has_hidden_lines(toy_grader):
    leaky = "import sys\ndef triple(x):\n    raise ValueError(str(sys._getframe(2).f_locals))"
    result, notebook = graded(toy_grader, leaky)
    assert SECRET not in json.dumps([result, notebook.cells])
    assert "ValueError" in result["items"]["own-test"]["parts"][0]["message"]["en"]


READS = """
seen = []
import sys, inspect, mlc_course.grading.in_box.endpoint as inside
test = inside.test
inside.test = lambda *arguments: (seen.extend(arguments), print(arguments), test(*arguments))[2]
get_ipython().events.register("pre_run_cell", lambda info: (seen.append(info.raw_cell), print(info.raw_cell)))
def triple(x):
    frame = sys._getframe()
    while frame:
        seen.append(frame.f_locals.get("source"))
        print(frame.f_locals.get("source"))
        frame = frame.f_back
    open("kept.txt", "a").write(str(seen))
    return 3 * x
"""


def test_no_output_that_is_kept_holds_a_hidden_test_even_of_a_process_that_read_it(toy_grader):
    result, notebook = graded(
        toy_grader, READS, before="print(open('kept.txt').read())", last="print(seen)\nprint(open('kept.txt').read())"
    )
    assert SECRET not in json.dumps([result, notebook.cells])


TELLS_LATER = """
import sys
seen = []
def triple(x):
    seen.append(sys._getframe(2).f_locals)
    if x == 7:
        raise ValueError(str(seen))
    return 3 * x
"""


def test_a_test_without_hidden_lines_does_not_tell_what_another_one_hides(toy_grader):
    known = known_with(TEST)
    known["other-test"] = Known("code", "assert triple(7) == 21", grade=True, locked=True, points=1)
    notebook = toy_notebook(LIGHT, solved=False)
    for source, name in ((TELLS_LATER, "own-answer"), (released(TEST), "own-test"), ("triple(7)", "other-test")):
        notebook.cells.append(new_code_cell(source, metadata={"nbgrader": {"grade_id": name}}))
    result = toy_grader.grade(sanitize(notebook, known), None)
    assert result["items"]["own-test"]["score"] == 5
    assert result["items"]["other-test"]["score"] == 0
    assert SECRET not in json.dumps(result)


FORGED = {
    "ends the process": "import os\ndef triple(x):\n    os._exit(0)",
    "leaves": "import sys\ndef triple(x):\n    sys.exit(0)",
    "interrupts": "def triple(x):\n    raise KeyboardInterrupt",
    "only prints": "import builtins\nbuiltins.print = lambda *a, **k: None\ndef triple(x):\n    return None",
    "no cell runs": "get_ipython().run_cell = lambda *a, **k: None\ntype(get_ipython()).run_cell = lambda *a, **k: None",
    "asserts removed": """
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(NoAsserts())
get_ipython().input_transformers_cleanup.append(lambda lines: [l for l in lines if "assert" not in l])
def triple(x):
    return 0
""",
    "other compile": """
import builtins
real = builtins.compile
builtins.compile = lambda source, *a, **k: real("0" if "triple" in str(source) else source, *a, **k)
builtins.exec = lambda *a, **k: None
def triple(x):
    return 0
""",
    "made-up result": """
from mlc_course.grading.in_box.endpoint import Parcel
def triple(x):
    get_ipython().displayhook(Parcel({"token": "0" * 32, "credit": None}))
    raise SystemExit
""",
    "many results": """
from mlc_course.grading.in_box.endpoint import Parcel
import sys
def triple(x):
    frame = sys._getframe()
    while frame and "token" not in frame.f_locals:
        frame = frame.f_back
    get_ipython().displayhook(Parcel({"token": frame.f_locals["token"], "credit": None}))
    return 0
""",
    "points displayed": "import sys\ndef triple(x):\n    sys.displayhook(5)\n    raise ValueError",
    "points in a message": "def triple(x):\n    raise AssertionError('5')",
    "asserts are off": "import sys\nsys.flags = None\n__debug__x = False\ndef triple(x):\n    return 0",
    "endless": "def triple(x):\n    while True:\n        pass",
}


@pytest.mark.parametrize("how", FORGED)
def test_tricks_that_earn_points_in_plain_nbgrader_earn_none(toy_grader, how, monkeypatch):
    if how == "endless":
        from dataclasses import replace

        times = replace(toy_grader.settings.times, cell=5, answer=5)
        monkeypatch.setattr(toy_grader, "settings", replace(toy_grader.settings, times=times))
    result, _ = graded(toy_grader, FORGED[how])
    assert result["items"]["own-test"]["score"] == 0, result["items"]["own-test"]
    assert result["items"]["double"]["score"] == 1, "the course's items are judged as ever"


@pytest.mark.parametrize("outputs", [[], [{}], [{"data": 7}], [{"data": {"application/vnd.mlc.answer": "x"}}]])
def test_what_is_no_message_of_the_test_is_no_pass(outputs):
    from nbformat.notebooknode import NotebookNode

    shown = [NotebookNode(output_type="execute_result", **output) for output in outputs]
    assert isinstance(outcome_of(shown, "token", TEST, secret=True), CheckFailure)


@pytest.mark.parametrize(
    ("credit", "score"), [(None, 5), (0, 0), (2.5, 2.5), (5, 5), (5.1, 0), (-1, 0), (float("nan"), 0)]
)
def test_partial_credit_is_a_number_from_nothing_to_all_points(credit, score):
    assert report_of("own-test", 5.0, Passed(credit), "en")["score"] == score


def test_a_cell_that_is_neither_check_nor_test_is_left_to_be_graded_by_hand_and_that_is_said(toy_grader):
    result, notebook = graded(toy_grader, RIGHT, "assert triple(")
    assert "own-test" in result["unjudged"]
    assert "own-test: the test does not parse" in result_remarks(result)[0]
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "own-test")
    assert "given by hand" in cell.outputs[0].text


def test_a_test_that_waits_at_top_level_cannot_be_run():
    with pytest.raises(SyntaxError):
        runnable("await triple(2)")
