"""The map of the topics on the front page.

The directive ``{course-map}`` has a line ``<stem>: what you build`` for each topic, in the order of the contents. The
page's title, the time a topic takes and the number of its exercises are counted from the sources. The role
``{reading-time}`gpu` `` writes the time of one topic.
"""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from mlc_course.content.exercise_page_names import page_name, sets_with_page
from mlc_course.content.languages import language_of
from mlc_course.content.reading_time import duration, exercise_count, exercise_minutes, page_minutes
from mlc_course.root import stems
from mlc_ref.language import Language, Text

_HEADS = (Text("Topic", "主题"), Text("Reading", "阅读"), Text("Exercises", "练习"))
_EXERCISES = Text("{count} · {time}", "{count} 道 · {time}")
_SUM = Text("All", "合计")
_REMEMBERED = Text(
    "What you mark as read at the end of a chapter is remembered here, in your browser.",
    "在章末标记为已读的内容，会记在你的浏览器里，并显示在这里。",
)


class MapError(ValueError):
    """The lines of a map are not the topics of the course."""


def map_lines(lines: list[str], topics: list[str]) -> dict[str, str]:
    """What is built in each topic.

    Raises:
        MapError: a line has no colon, or the stems are not ``topics`` in their order.
    """
    entries = [line for line in lines if line.strip()]
    bare = [line for line in entries if ": " not in line]
    if bare:
        raise MapError(f"course-map: got the line {bare[0]!r}, expected '<stem>: what you build'")
    found = dict(line.strip().split(": ", 1) for line in entries)
    if list(found) != topics:
        raise MapError(f"course-map: got {', '.join(found)}; the topics of _toc.yml are {', '.join(topics)}")
    return found


def map_rows(lines: list[str], root: Path, language: Language) -> list[tuple[str, str, str, str]]:
    """``(stem, what is built, time to read, exercises)`` of each topic, then the sums under the stem ``""``.

    Raises:
        MapError: as ``map_lines``.
    """
    topics = stems(root)
    rows = [
        (stem, text, duration(page_minutes(stem, root), language), _exercises([stem], root, language))
        for stem, text in map_lines(lines, topics).items()
    ]
    reading = sum(page_minutes(stem, root) for stem in topics)
    return [*rows, ("", _SUM.get(language), duration(reading, language), _exercises(topics, root, language))]


def _exercises(topics: list[str], root: Path, language: Language) -> str:
    count = sum(exercise_count(stem, root) for stem in topics)
    time = duration(sum(exercise_minutes(stem, root) for stem in topics), language)
    return _EXERCISES.get(language).format(count=count, time=time)


def plain_map(lines: list[str], root: Path, language: Language) -> list[str]:
    """The map as a Markdown table, for notebooks."""
    table = ["| " + " | ".join(head.get(language) for head in _HEADS) + " |", "|---|---|---|"]
    for stem, text, reading, exercises in map_rows(lines, root, language):
        table.append(f"| {f'[{text}](#{stem})' if stem else text} | {reading} | {exercises} |")
    return table


class CourseMap(SphinxDirective):
    """The map as a table; scripts mark in it what the reader has read."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        root, source = Path(self.config.mlc_root), Path(self.env.srcdir)
        language = language_of(source).code
        topics = stems(root)
        for path in [f"chapters/en/{s}.md" for s in topics] + [f"exercises/{s}/exercise.md" for s in topics]:
            self.env.note_dependency(str(root / path))
        try:
            rows = map_rows(list(self.content), root, language)
        except MapError as error:
            raise self.error(str(error)) from error
        with_page = sets_with_page(root)
        lines = ["* - " + "\n  - ".join(head.get(language) for head in _HEADS)]
        for stem, text, reading, exercises in rows:
            first = f"[]({stem}.md)\n\n    {text}" if stem else text
            last = f"[{exercises}]({page_name(stem)}.md)" if stem in with_page else exercises
            lines.append(f"* - {first}\n  - {reading}\n  - {last}")
        block = [":::{list-table}", ":header-rows: 1", ":class: mlc-map", "", *"\n".join(lines).split("\n"), ":::"]
        container = nodes.Element()
        self.state.nested_parse(StringList(block, self.get_source_info()[0]), self.content_offset, container)
        line = nodes.paragraph("", _REMEMBERED.get(language), classes=["mlc-progress"])
        return [line, *container.children]


class ReadingTime(SphinxRole):
    """The role ``{reading-time}``: how long a chapter takes."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        root = Path(self.config.mlc_root)
        if self.text not in stems(root):
            message = f"reading-time: got {self.text!r}, allowed {', '.join(stems(root))}"
            problem = self.inliner.reporter.error(message, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, problem)], [problem]
        self.env.note_dependency(str(root / "chapters" / "en" / f"{self.text}.md"))
        return [nodes.Text(duration(page_minutes(self.text, root), language_of(Path(self.env.srcdir)).code))], []


def setup_course_map(app: Sphinx) -> None:
    app.add_role("reading-time", ReadingTime())
    app.add_directive("course-map", CourseMap)
