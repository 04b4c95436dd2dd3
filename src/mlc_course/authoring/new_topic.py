"""``mlc new topic``: every file, list and map of one more topic, ready to be filled in.

The new topic builds and its tests run; what is left to write is marked ``WRITE:``, and ``mlc lint STEM`` lists it.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from string import Template

from mlc_course.authoring import package_map
from mlc_course.authoring.new_exercise import NAME, TEMPLATES, CannotMake, new_exercise, parse_parts
from mlc_course.content.addresses import LIST
from mlc_course.content.pages import read_page
from mlc_course.content.translations import mark
from mlc_course.root import stems
from mlc_ref.language import LANGUAGES, Language

FIRST_ITEM, FIRST_PARTS = "first_item", "numbers:2"
_TITLE = re.compile(r"^# (.+)$", re.M)


def new_topic(root: Path, stem: str, after: str, titles: dict[Language, str] | None = None) -> list[Path]:
    """Write all files of a new topic, add it to contents, maps and lists, and return what was written or changed.

    Args:
        after: the topic it follows in the contents.
        titles: of the chapter in each language; by default made from the stem.

    Raises:
        CannotMake: the topic exists, ``after`` does not, or the name is not allowed.
    """
    known = stems(root)
    if not NAME.fullmatch(stem):
        raise CannotMake(f"topic: got {stem!r}, allowed are lower-case letters, digits and _")
    if (
        stem in known
        or (root / "src" / "mlc_ref" / stem).exists()
        or (root / "chapters" / "en" / f"{stem}.md").exists()
    ):
        raise CannotMake(f"there is a topic {stem!r} already")
    if after not in known:
        raise CannotMake(f"--after: got {after!r}; the topics are {', '.join(known)}")
    title = titles or dict.fromkeys(LANGUAGES, stem.replace("_", " ").capitalize())
    names = {"stem": stem, "label": stem.replace("_", "-"), "after": after}
    names |= {f"title_{lang}": title[lang] for lang in LANGUAGES} | _titles_of(after, root)
    written = [*_write_files(root, stem, names), *_add_to_lists(root, stem, after, names)]
    written += new_exercise(root, stem, FIRST_ITEM, "program", parse_parts(FIRST_PARTS))
    mark([stem, "index"], root)
    return [*written, package_map.update(root)]


def _titles_of(page: str, root: Path) -> dict[str, str]:
    found = {}
    for lang in LANGUAGES:
        match = _TITLE.search(read_page(page, lang, root).prose)
        found[f"after_title_{lang}"] = match[1] if match else page
    return found


def _write_files(root: Path, stem: str, names: dict[str, str]) -> list[Path]:
    places = {
        "chapter.en.md": root / "chapters" / "en" / f"{stem}.md",
        "chapter.zh.md": root / "chapters" / "zh" / f"{stem}.md",
        "package.py.txt": root / "src" / "mlc_ref" / stem / "__init__.py",
        "reference.py.txt": root / "src" / "mlc_ref" / stem / "reference.py",
        "test_topic.py.txt": root / "tests" / "ref" / stem / f"test_{stem}.py",
        "exercise_head.md": root / "exercises" / stem / "exercise.md",
    }
    for template, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((TEMPLATES / template).read_text("utf-8")).substitute(names), "utf-8")
    checks = root / "exercises" / stem / "checks" / "__init__.py"
    checks.parent.mkdir()
    checks.write_text(f'"""Checks and points of the exercises of the topic {stem}."""\n', "utf-8")
    return [*places.values(), checks]


def _add_to_lists(root: Path, stem: str, after: str, names: dict[str, str]) -> list[Path]:
    """Contents, front pages, maps in the READMEs, published addresses."""
    changed = [
        _insert_after(root / "_toc.yml", rf"^ *- file: chapters/en/{after}$", lambda line: line.replace(after, stem))
    ]
    for lang in LANGUAGES:
        made = {"en": "WRITE: what is built in this topic", "zh": "WRITE: 本主题构建什么"}[lang]
        entry = f"{stem}: {made}"
        changed.append(
            _insert_after(root / "chapters" / lang / "index.md", rf"^{after}: .+$", partial(_constant, entry))
        )
    for readme in ("README.md", "README.zh.md"):
        changed.append(
            _insert_after(root / readme, rf"^\| {after} \|.+$", lambda line: re.sub(rf"\b{after}\b", stem, line))
        )
    addresses = root / LIST
    lines = [f"{stem}.html", *(f"{stem}.html#{names['label']}-{part}" for part in ("first", "exercises"))]
    lines.append(f"exercises_{stem}.html")
    addresses.write_text(addresses.read_text("utf-8") + "".join(f"{line}\n" for line in lines), "utf-8")
    return [*changed, addresses]


def _constant(line: str, _before: str) -> str:
    return line


def _insert_after(path: Path, pattern: str, made: Callable[[str], str]) -> Path:
    """Insert a line made of the first line that matches, after it.

    Raises:
        CannotMake: no line matches.
    """
    text = path.read_text("utf-8")
    found = re.search(pattern, text, re.M)
    if not found:
        raise CannotMake(f"{path}: expected a line like {pattern}; put the topic before it there by hand first")
    path.write_text(f"{text[: found.end()]}\n{made(found[0])}{text[found.end() :]}", "utf-8")
    return path
