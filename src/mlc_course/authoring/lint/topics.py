"""Rules for a topic: its files stand in their places, and the maps name them."""

import re
from pathlib import Path

from mlc_course.authoring.lint.pages import PLACEHOLDER
from mlc_course.authoring.lint.registry import rule
from mlc_course.authoring.package_map import stale
from mlc_course.root import stems
from mlc_course.site.sphinx.course_map import MapError, map_lines
from mlc_ref.language import LANGUAGES

READMES = ("README.md", "README.zh.md")
_MAP = re.compile(r"^```\{course-map\}\n(.*?)^```", re.M | re.S)
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


@rule("topic")
def a_topic_has_chapter_code_exercises_and_tests(stem: str, root: Path) -> list[str]:
    wanted = [f"chapters/{language}/{stem}.md" for language in LANGUAGES]
    wanted += [
        f"src/mlc_ref/{stem}/__init__.py",
        f"exercises/{stem}/exercise.md",
        f"exercises/{stem}/checks/__init__.py",
    ]
    found = [f"{path}: missing; every topic has it" for path in wanted if not (root / path).is_file()]
    if not list((root / "tests" / "ref" / stem).glob("test_*.py")):
        found.append(f"tests/ref/{stem}/: holds no test_*.py; write the tests of src/mlc_ref/{stem} there")
    return found


@rule("course")
def the_maps_in_the_readmes_name_every_topic_and_only_files_that_exist(_name: str, root: Path) -> list[str]:
    found = []
    for readme in READMES:
        text = (root / readme).read_text("utf-8")
        found += [f"{readme}: links {p}, which does not exist" for p in _LINK.findall(text) if not (root / p).exists()]
        found += [f"{readme}: the map lacks a row for {s}" for s in stems(root) if f"src/mlc_ref/{s}" not in text]
    return found


@rule("course")
def the_package_maps_say_what_each_file_holds(_name: str, root: Path) -> list[str]:
    try:
        paths = stale(root)
    except ValueError as error:
        return [str(error)]
    return [f"{path}: out of date; run python -m mlc_course.authoring.package_map" for path in paths]


@rule("course")
def the_front_page_says_what_is_built_in_each_topic(_name: str, root: Path) -> list[str]:
    found = []
    for language in LANGUAGES:
        path = Path("chapters", language, "index.md")
        lines = _MAP.search((root / path).read_text("utf-8"))
        try:
            map_lines(lines[1].splitlines() if lines else [], stems(root))
        except MapError as error:
            found.append(f"{path}: {error}")
    return found


@rule("topic")
def no_code_of_the_topic_is_left_to_write(stem: str, root: Path) -> list[str]:
    folders = [root / "src" / "mlc_ref" / stem, root / "tests" / "ref" / stem, root / "exercises" / stem,
               root / "tests" / "exercises" / "answers" / stem]  # fmt: skip
    return [
        f"{path.relative_to(root)}:{number}: still to be written: {line.strip()}"
        for folder in folders
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".md"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if PLACEHOLDER in line
    ]
