"""Result files and the processes that make them: what is believed, and what a worker costs that the system ends."""

import json
import os
import pickle
from typing import Any

import pytest

from mlc_course.grading.classroom.worker_pool import Order, Workers
from mlc_course.grading.judging.results import read_result


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"items": {"axis": 3}},
        {"items": {"axis": {"score": "2"}}},
        {"items": []},
        {"outputs": {"a": "b"}},
        {"outputs": None},
    ],
)
def test_a_result_of_another_form_is_none(tmp_path, content):
    good = {"stem": "toy", "version": "1", "items": {"axis": {"score": 2}}, "outputs": {"a": []}}
    path = tmp_path / "result.json"
    path.write_text(json.dumps(good))
    assert read_result(path, "toy", "1") == good
    path.write_text(json.dumps(good | content if content else [good]))
    assert read_result(path, "toy", "1") is None


class _EndsTheProcess:
    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


def test_a_worker_that_the_system_ends_costs_only_the_submission_it_was_at(tmp_path):
    def order(student: str, known: Any) -> Order:
        return Order(
            "no such set", "none", student, tmp_path / "none.ipynb", known, None, tmp_path, another_follows=False
        )

    assert pickle.dumps(_EndsTheProcess())
    with Workers(2, tmp_path / "log") as pool:
        for student in ("ada", "bo", "cy"):
            pool.add(order(student, _EndsTheProcess() if student == "bo" else {}), has_result=False)
        pool.add(order("dee", {}), has_result=True)
        found = dict(pool.finished())
    assert found.pop("dee") == ""
    assert found.pop("bo") == "the process that graded it was ended by the system, perhaps for lack of memory"
    assert {reason.split(":")[0] for reason in found.values()} == {"UnknownStem"}
    assert set(found) == {"ada", "cy"}
