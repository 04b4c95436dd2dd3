"""Every hostile submission of ``attacks/`` gets exactly what its honest part deserves, and harms nobody else.

A submission that changes nothing has a wrong axis (0 of 2), a wrong double that leaves its input alone (1 of 4),
and two items not solved.
"""

import json
from pathlib import Path

import pytest
from jupyter_core.utils import run_sync
from submissions import cells_of_file, scores, toy_notebook

from mlc_course.grading.judging.item_grader import Assessor, Exported

ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.py"))
HONEST = {"axis": 0, "double": 1, "scale": 0, "split": 0}


def test_there_are_at_least_a_hundred_and_fifty_attacks():
    pages = list((Path(__file__).parent / "attacks" / "pages").glob("*.md"))
    assert len(ATTACKS) + len(pages) >= 150


@pytest.mark.parametrize("path", ATTACKS, ids=lambda p: p.stem)
def test_an_attack_gets_what_its_honest_part_deserves(graded_attack, toy_grader, path):
    _, expected = cells_of_file(path)
    result = graded_attack(path)
    assert scores(result) == {**HONEST, **expected}, json.dumps(result["items"], ensure_ascii=False)[:2000]
    assert next_answer_is_judged_as_ever(toy_grader)


def next_answer_is_judged_as_ever(grader) -> bool:
    """Whether a right and a wrong answer of somebody else get what they deserve afterwards."""
    assessor = Assessor("toy", grader.tasks, grader._judge, grader._runner, grader.settings.job)

    async def never(_message: bytes) -> None:
        raise AssertionError("a value is no program")

    async def judged(value: str) -> int:
        answer = Exported({"kind": "value", "found": "str", "value": json.dumps(value)})
        report = await assessor.judge("axis", answer, never)
        assert isinstance(report, dict)
        return int(report["score"])

    return run_sync(judged)("reduction") == 2 and run_sync(judged)("spatial") == 0


def test_a_whole_honest_submission_after_them_gets_full_marks(grade):
    assert scores(grade(toy_notebook({}, solved=True))) == {"axis": 2, "double": 4, "scale": 3, "split": 3}
