"""Reports as JSON: how a notebook's results reach ``mlc check``, and how a grader keeps them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc_course.exercises.failures import unsolved
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import Part, PartResult, Report
from mlc_ref.language import Text, parse_language

_SAME = Text("for the same reason as “{part}”", "原因与“{part}”相同")
_NOT_SOLVED = Text("not solved yet", "尚未完成")


def shown(report: Report) -> str:
    """The report as a terminal shows it: an item that is not solved yet in one line, any other part by part."""
    first, lost = report.results[0], not any(part.earned for part in report.results)
    if not lost or first.message != unsolved().message:
        return str(report)
    return f"{str(report).splitlines()[0]} – {_NOT_SOLVED.get(report.language)}"


def failed_parts(parts: Iterable[Part | PartResult], failure: CheckFailure) -> list[PartResult]:
    """No points for any of the parts, for one reason, which the first of them tells."""
    lost: list[PartResult] = []
    for part in parts:
        result = PartResult(part.name, part.title, part.points, 0, failure.message, failure.hint)
        lost.append(told_once(result, lost))
    return lost


def described_parts(parts: Iterable[dict[str, Any]]) -> list[PartResult]:
    """Parts without points, of their descriptions as a judge sends them."""
    return [PartResult(part["name"], Text(*part["title"]), part["points"], 0) for part in parts]


def told_once(result: PartResult, before: Iterable[PartResult]) -> PartResult:
    """The result as it is; if an earlier one says the same, in one line that names it."""
    for told in before:
        if not result.passed and told.message == result.message:
            return replace(result, message=_SAME.format(part=told.title), hint=None)
    return result


def report_to_json(report: Report) -> dict[str, Any]:
    """A report as plain JSON data, texts in both languages."""
    return {
        "name": report.name,
        "title": _text(report.title),
        "score": report.score,
        "points": report.points,
        "language": report.language,
        "seed": report.seed,
        "parts": [part_to_json(part) for part in report.results],
    }


def part_to_json(part: PartResult) -> dict[str, Any]:
    """The result of one part as plain JSON data."""
    return {
        "name": part.name,
        "title": _text(part.title),
        "earned": part.earned,
        "points": part.points,
        "message": _text(part.message),
        "hint": _text(part.hint),
    }


def report_from_json(data: dict[str, Any]) -> Report:
    """The report that ``report_to_json`` was given."""
    parts = tuple(
        PartResult(
            part["name"],
            Text(**part["title"]),
            part["points"],
            part["earned"],
            Text(**part["message"]) if part["message"] else None,
            Text(**part["hint"]) if part["hint"] else None,
        )
        for part in data["parts"]
    )
    return Report(data["name"], Text(**data["title"]), parts, parse_language(data["language"]), data["seed"])


def append_report(path: Path, report: Report) -> None:
    """Add one report as a line to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(report_to_json(report), ensure_ascii=False) + "\n")


def read_reports(path: Path) -> list[Report]:
    """The reports a file holds, in the order in which they were written; none where there is no file."""
    if not path.is_file():
        return []
    return [report_from_json(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _text(text: Text | None) -> dict[str, str] | None:
    return {"en": text.en, "zh": text.zh} if text else None
