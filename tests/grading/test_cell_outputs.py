"""What is kept of outputs costs something each, and what is shown of them cannot stop a browser."""

import numpy as np
import pytest

from mlc_course.grading.in_box import page_worker
from mlc_course.grading.judging.own_tests import outcome_of, report_of
from mlc_course.grading.pages.sanitizer import clean
from mlc_course.grading.vetting.cell_outputs import MAX_OUTPUT, OVERHEAD, CellOutputs
from mlc_ref.checks.failure import CheckFailure


def display(text="", name=None):
    data = {"text/plain": text} if text else {}
    return {"data": data} | ({"transient": {"display_id": name}} if name else {})


def test_displays_with_nothing_to_show_are_not_kept():
    outputs = CellOutputs()
    for _ in range(1000):
        outputs.take("display_data", {"data": {"text/html": "<b>"}})
    assert outputs.plain() == []


@pytest.mark.parametrize("name", [None, "one"])
def test_every_output_counts_besides_its_text(name):
    outputs = CellOutputs(limit=20 * OVERHEAD)
    for number in range(1000):
        outputs.take("display_data", display("x", name and f"{name}{number}"))
    assert len(outputs.plain()) <= 20
    assert outputs.size <= 20 * OVERHEAD


def test_a_cell_may_still_show_hundreds_of_pictures_and_lines():
    outputs = CellOutputs()
    for _ in range(500):
        outputs.take("display_data", display("a line"))
    assert len(outputs.plain()) == 500
    assert outputs.size <= MAX_OUTPUT


def test_cells_of_a_table_span_few_places():
    assert "span" not in clean('<table><tr><td colspan="1000" rowspan="999">x</td></tr></table>')
    assert 'colspan="20"' in clean('<table><tr><td colspan="20">x</td></tr></table>')


@pytest.mark.parametrize("text", ["<ol>" + "<li>" * 9000 + "</ol>", "* x\n" * 9000, "<table>" + "<tr><td>" * 6000])
def test_a_text_of_thousands_of_elements_is_not_laid_out(text):
    with pytest.raises(ValueError, match="elements"):
        page_worker.render({"kind": "markdown", "text": text})


@pytest.mark.parametrize(
    "forged",
    [{"error": "E", "message": np.zeros(3), "line": 1}, {"error": np.zeros(3), "message": "", "line": 1},
     {"error": "E", "message": "", "line": [1]}, {"error": {}, "message": None, "line": True}],
)  # fmt: skip
@pytest.mark.parametrize("secret", [False, True])
def test_a_forged_message_about_a_test_is_a_failure_like_any_other(forged, secret):
    outcome = outcome_of({"token": "t"} | forged, "t", "assert f(1) == 2", secret=secret)
    assert isinstance(outcome, CheckFailure)


def test_a_number_that_a_process_chose_is_not_passed_on():
    outcome = outcome_of({"token": "t", "credit": -1.23456e217}, "t", "f(1)", secret=True)
    assert "1.23" not in str(report_of("own-test", 5.0, outcome, "en"))
