"""The exercises of a set by name and title, read from ``exercises/<stem>/exercise.md`` without loading its checks."""

import re
from functools import cache
from pathlib import Path

from mlc_ref.language import LANGUAGES, Language, Text, parse_language

_PART = re.compile(
    r'^(?:\+\+\+ \{"lang": "(?P<language>\w+)"\}|## (?P<title>.+)|:item: (?P<item>\S+)|:role: (?P<role>\w+)|(?P<end>```))',
    re.M,
)


def exercise_items(stem: str, root: Path) -> tuple[tuple[str, Text], ...]:
    """Name and title of each graded exercise of a topic, in order; empty where it has no set."""
    source = root / "exercises" / stem / "exercise.md"
    return _items_of(source.read_text("utf-8")) if source.is_file() else ()


@cache
def _items_of(source: str) -> tuple[tuple[str, Text], ...]:
    titles: dict[Language, str] = dict.fromkeys(LANGUAGES, "")
    language, found = LANGUAGES[0], {}
    cell: dict[str, str] = {}
    for part in _PART.finditer(source):
        if part["language"]:
            language = parse_language(part["language"])
        elif part["title"]:
            titles[language] = part["title"]
        elif part["end"]:
            if cell.get("role") == "answer":
                found[cell["item"]] = Text(titles["en"], titles["zh"])
            cell = {}
        else:
            cell |= {name: value for name in ("item", "role") if (value := part[name])}
    return tuple(found.items())
