"""Every path that ARCHITECTURE.md and the README of the grader name exists."""

import re
from pathlib import Path

import pytest

from mlc_course.root import course_root, stems

ROOT = course_root()
DOCUMENTS = ["ARCHITECTURE.md", "src/mlc_course/grading/README.md", "CONTRIBUTING.md"]
_BESIDE = re.compile(r"`([a-z_]+/[a-z_]+\.py)`")  # in the README of a folder
_PATH = re.compile(
    r"`((?:src|tests|chapters|exercises)/[\w./<>*-]*|Makefile|_toc\.yml|_config\.yml|requirements\.lock)`"
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_paths_a_document_names_exist(document):
    text = (ROOT / document).read_text("utf-8")
    named = _PATH.findall(text)
    beside = Path(document).parent
    named += [f"{beside}/{path}" for path in _BESIDE.findall(text) if beside.parts]
    missing = []
    for path in named:
        pattern = path.replace("<stem>", stems(ROOT)[0]).replace("<language>", "en").replace("<lang>", "en")
        pattern = re.sub(r"<\w+>", "*", pattern).rstrip("/")
        if not list(ROOT.glob(pattern)):
            missing.append(path)
    assert named
    assert missing == []


def test_the_readme_and_contributing_lead_to_the_architecture():
    for document in ("README.md", "README.zh.md", "CONTRIBUTING.md"):
        assert "(ARCHITECTURE.md)" in (ROOT / document).read_text("utf-8"), document
