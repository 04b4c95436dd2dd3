"""How long a page takes to read and run, and a set of exercises to solve: counted from the sources.

Both languages show the same figures: they are counted on the English page.
"""

import re
from functools import cache
from pathlib import Path

from mlc_course.content.exercise_items import exercise_items
from mlc_course.content.pages import read_page, without_blocks
from mlc_ref.language import Language, Text

# Technical prose, read with care; a cell is run, looked at and changed; an exercise is thought about before it is written.
WORDS_A_MINUTE = 130
MINUTES_A_CELL = 2
MINUTES_AN_EXERCISE = 15
_WORD = re.compile(r"[A-Za-z][\w'-]*")
_MINUTES, _HOURS = Text("{} min", "{} 分钟"), Text("{} h", "{} 小时")


@cache
def page_minutes(name: str, root: Path) -> int:
    """Minutes to read and run the page ``name``, a multiple of 5, at least 5."""
    page = read_page(name, "en", root)
    minutes = len(_WORD.findall(without_blocks(page.prose))) / WORDS_A_MINUTE + len(page.code) * MINUTES_A_CELL
    return max(5, 5 * round(minutes / 5))


def exercise_count(stem: str, root: Path) -> int:
    """Number of graded exercises of a topic; 0 where it has no set."""
    return len(exercise_items(stem, root))


def exercise_minutes(stem: str, root: Path) -> int:
    return exercise_count(stem, root) * MINUTES_AN_EXERCISE


def duration(minutes: int, language: Language) -> str:
    """``45 min``, ``1 h``, ``1¼ h``: from an hour on in quarters of an hour."""
    if minutes < 60:
        return _MINUTES.get(language).format(minutes)
    hours, quarters = divmod(round(minutes / 15), 4)
    return _HOURS.get(language).format(f"{hours}{('', '¼', '½', '¾')[quarters]}")
