"""Where the student's process ends or hangs: those parts get nothing and say why, the rest is graded."""

import os
import tempfile
from pathlib import Path

import psutil
import pytest
from submissions import scores, toy_notebook

pytestmark = pytest.mark.slow

ENDS = {
    "exit": ("import os; os._exit(0)", "it ended the Python process"),
    "native crash": ("import ctypes; ctypes.string_at(0)", "it ended the Python process"),
    "hang": ("while True: pass", "it took too long and was stopped"),
}


def double_that(action: str, call: int) -> str:
    """Right until a call, and then it ends; a file counts, because a new process forgets."""
    indented = action.replace("\n", "\n        ")
    return f"calls = []\ndef double(x):\n    calls.append(x)\n    if len(calls) == {call}:\n        {indented}\n    return 2 * x"


def parts(result, item):
    return {part["name"]: (part["earned"], part["message"]) for part in result["items"][item]["parts"]}


@pytest.mark.parametrize("name", ENDS)
def test_parts_judged_before_the_end_keep_their_points_and_the_others_say_why_they_have_none(grade, name):
    action, reason = ENDS[name]
    result = grade(toy_notebook({"double-answer": double_that(action, 2)}, solved=True))
    found = parts(result, "double")
    assert found["numbers"] == (3, None)
    assert found["input"][0] == 0
    assert reason in found["input"][1]["en"]
    assert found["input"][1]["zh"]
    assert scores(result) == {"axis": 2, "double": 3, "scale": 3, "split": 3}


@pytest.mark.parametrize("name", ENDS)
def test_an_answer_cell_that_ends_the_process_costs_its_own_item_alone(grade, name):
    action, reason = ENDS[name]
    result = grade(toy_notebook({"double-answer": action}, solved=True))
    assert [earned for earned, _ in parts(result, "double").values()] == [0, 0]
    first, second = (message for _, message in parts(result, "double").values())
    assert reason in first["en"]
    assert second == {"en": "for the same reason as “right numbers”", "zh": "原因与“数值正确”相同"}
    assert scores(result) == {"axis": 2, "double": 0, "scale": 3, "split": 3}
    shown = [output for outputs in result["outputs"].values() for output in outputs if output["output_type"] == "error"]
    assert any(reason in output["evalue"] for output in shown)


def test_a_kernel_that_ended_by_itself_leaves_no_folder_and_no_process(grade):
    own = f"mlc-box-{os.getpid()}-*"
    before = {path.name for path in Path(tempfile.gettempdir()).glob(own)}
    boxes = len(psutil.Process().children())
    grade(toy_notebook({"double-answer": ENDS["exit"][0]}, solved=True))
    assert {path.name for path in Path(tempfile.gettempdir()).glob(own)} <= before
    assert len(psutil.Process().children()) == boxes


def test_both_ends_in_one_notebook_cost_only_their_items(grade):
    answers = {"axis-answer": "import os; os._exit(0)", "split-answer": "import os; os._exit(0)"}
    assert scores(grade(toy_notebook(answers, solved=True))) == {"axis": 0, "double": 4, "scale": 3, "split": 0}
