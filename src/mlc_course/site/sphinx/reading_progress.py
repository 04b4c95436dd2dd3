"""What pages know of the reader's way: the time each takes, what is left after it, and what can be ticked off.

The templates ``reading.html`` and ``components/prev-next.html`` show it; the scripts in ``_static/reading`` remember in
the browser what was read and done.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from mlc_course.content.exercise_items import exercise_items
from mlc_course.content.exercise_page_names import is_exercise_page, set_of_page
from mlc_course.content.languages import language_of, page_prefix
from mlc_course.content.reading_time import MINUTES_AN_EXERCISE, duration, page_minutes
from mlc_course.root import stems
from mlc_ref.language import Language, Text

_LEFT = Text("After this chapter, {time} of reading are left.", "读完本章后，全部阅读还剩 {time}。")
_LAST = Text("This is the last chapter.", "这是最后一章。")


def course_data(root: Path) -> list[dict[str, Any]]:
    """Name, minutes of reading and names of the exercises of each topic, in reading order."""
    return [
        {"name": stem, "minutes": page_minutes(stem, root), "exercises": [name for name, _ in exercise_items(stem, root)]}
        for stem in stems(root)
    ]  # fmt: skip


def page_data(page: str, root: Path, language: Language) -> dict[str, Any]:
    """What the scripts of one page need.

    Returns:
        ``topics`` as ``course_data``; ``topic``: the page's topic or ``None``; ``kind``: ``chapter``, ``exercises`` or
        ``other``; ``titles``: of the topic's exercises; ``minutesAnExercise``.
    """
    topics = course_data(root)
    stem = set_of_page(page)
    known = stem in stems(root)
    return {
        "topics": topics,
        "topic": stem if known else None,
        "kind": ("exercises" if is_exercise_page(page) else "chapter") if known else "other",
        "titles": [title.get(language) for _, title in exercise_items(stem, root)] if known else [],
        "minutesAnExercise": MINUTES_AN_EXERCISE,
    }


def time_left(page: str, root: Path, language: Language) -> str:
    """A sentence about the reading that is left after a chapter; empty for other pages."""
    topics = stems(root)
    if page not in topics:
        return ""
    left = sum(page_minutes(stem, root) for stem in topics[topics.index(page) + 1 :])
    return _LEFT.get(language).format(time=duration(left, language)) if left else _LAST.get(language)


def _time_of(link: dict[str, str] | None, root: Path, language: Language) -> str:
    """The time the page behind a link of the theme takes, if it is a chapter."""
    name = Path((link or {}).get("link", "")).stem
    return duration(page_minutes(name, root), language) if name in stems(root) else ""


def _add_context(app: Sphinx, page: str, _template: str, context: dict, doctree: nodes.document | None) -> None:
    root, language = Path(app.config.mlc_root), language_of(Path(app.srcdir)).code
    context["mlc_next_time"] = _time_of(context.get("next"), root, language)
    context["mlc_prev_time"] = _time_of(context.get("prev"), root, language)
    if doctree is None or page_prefix(Path(app.srcdir)):
        return
    data = page_data(page, root, language)
    context["mlc_time_left"] = time_left(page, root, language)
    context["mlc_reading"] = data
    # "<" would end the script element early if it stood in a title.
    context["mlc_reading_json"] = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def setup_reading(app: Sphinx) -> None:
    app.connect("html-page-context", _add_context)
