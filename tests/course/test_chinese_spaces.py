"""No space stands between two Chinese characters: in pages, exercises, figures, and what programs and scripts say."""

import ast
import json
import re
from pathlib import Path

import pytest

from mlc_course.root import course_root
from mlc_ref.webgpu.labs import RECORDS, said_of

ROOT = course_root()
SPACED = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff] +[\u3400-\u4dbf\u4e00-\u9fff]")
# The words that a search passes over are a list, divided by spaces.
LISTS = {"chapters/_static/search/terms.js"}
SOURCES = ["chapters/zh/*.md", "exercises/*/exercise.md", "chapters/figures/*.zh.svg", "chapters/_static/**/*.js"]
PROGRAMS = ["src/**/*.py", "exercises/*/checks/*.py", "chapters/figures/*.py"]


def spaced(path: Path) -> list[str]:
    """The lines, or of a program the strings, with such a space."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return [line for line in text.splitlines() if SPACED.search(line)]
    constants = (each.value for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Constant))
    return [value for value in constants if isinstance(value, str) and SPACED.search(value)]


@pytest.mark.parametrize("pattern", [*SOURCES, *PROGRAMS])
def test_no_text_has_a_space_between_chinese_characters(pattern: str) -> None:
    paths = {str(path.relative_to(ROOT)): path for path in ROOT.glob(pattern)}
    assert paths
    assert {name: found for name, path in paths.items() if name not in LISTS and (found := spaced(path))} == {}


def test_what_is_said_of_a_record_has_none() -> None:
    said = [said_of(json.loads(path.read_text("utf-8"))) for path in RECORDS.glob("*.json")]
    assert said
    assert [text for text in said if SPACED.search(text)] == []
