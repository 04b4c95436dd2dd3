"""What is to be said of a submission beside its points: cells that were recovered, and what could not be judged."""

import json
from pathlib import Path
from typing import Any

from mlc_ref.language import Language, Text

REMARKS = {
    "metadata": Text(
        "the notebook has lost its cells' metadata; they were recognized by what they hold",
        "笔记本丢失了单元格的元数据，已按内容识别各单元格",
    ),
    "missing": Text(
        "the check cell was missing and was written back after the answer",
        "检查单元缺失，已补写在答案之后",
    ),
    "doubled": Text(
        "the check cell stands in the notebook more than once; the answer was judged once",
        "检查单元在笔记本中出现多次，答案只评判一次",
    ),
    "edited": Text(
        "the check cell was not as handed out; the one of the assignment judged the answer",
        "检查单元与发放时不同，评判使用的是作业原有的检查单元",
    ),
    "text": Text(
        "the check cell had been turned into text; the one of the assignment judged the answer",
        "检查单元变成了文本，评判使用的是作业原有的检查单元",
    ),
    "moved": Text(
        "the answer stands below its check cell; it was judged where it ends",
        "答案位于检查单元之后，评判在答案结束处进行",
    ),
    "answer_text": Text(
        "the answer cell is text, not code; it was run as code",
        "答案单元是文本而不是代码，评分时按代码运行",
    ),
    "by_hand": Text(
        "this cell was not found in a notebook without metadata; give its points by hand",
        "笔记本没有元数据，未找到此单元格，请人工给分",
    ),
}


def remarks_to_json(remarks: list[Any]) -> list[dict[str, str]]:
    """The remarks of a result, made of those of a sanitized notebook, pairs of a grade id and a key of ``REMARKS``.

    The grade id is empty for what is said of the whole notebook.
    """
    return [
        {"cell": name, "what": what, "en": _said(name, what, "en"), "zh": _said(name, what, "zh")}
        for name, what in remarks
    ]


def _said(name: str, what: str, language: Language) -> str:
    text = REMARKS[what].get(language)
    return f"{name}{'：' if language == 'zh' else ': '}{text}" if name else text


def result_remarks(result: dict[str, Any], language: Language = "en") -> list[str]:
    """What an instructor should know of a graded submission, for one line of a list of the class.

    The same remark on several cells is said once.
    """
    unjudged = [f"{item}: {why[language]}" for item, why in result.get("unjudged", {}).items()]
    return unjudged + grouped_remarks(result, language)


def grouped_remarks(result: dict[str, Any], language: Language = "en") -> list[str]:
    """The remarks of a result, each said once for all cells it holds for."""
    said = result.get("remarks")
    cells: dict[str, list[str]] = {}
    for remark in said if isinstance(said, list) else ():
        if isinstance(remark, dict) and remark.get("what") in REMARKS:
            cells.setdefault(remark["what"], []).append(str(remark.get("cell", "")))
        elif isinstance(remark, dict) and isinstance(remark.get(language), str):
            cells.setdefault(remark[language], [])
    return [_said(", ".join(names), what, language) if what in REMARKS else what for what, names in cells.items()]


def remarks_of_file(path: Path) -> list[str]:
    """``result_remarks`` of a result file; none where there is no such file."""
    return result_remarks(json.loads(path.read_text("utf-8"))) if path.is_file() else []


def released_version(path: Path) -> str:
    """Version of the checks that a released notebook names; empty where there is none."""
    try:
        metadata = json.loads(path.read_text("utf-8")).get("metadata", {})
    except (OSError, ValueError):
        return ""
    return str(metadata.get("mlc", {}).get("checks", ""))


def version_remark(course: Path, assignment: str, judged_by: str) -> str:
    """A line for the class, if its notebooks were released with other checks than those that judge now; or nothing."""
    released_with = released_version(course / "release" / assignment / f"{assignment}.ipynb")
    if released_with in ("", judged_by):
        return ""
    return f"{assignment} was released with checks {released_with} and is judged by checks {judged_by}\n"
