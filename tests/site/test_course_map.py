"""The map on the front page and the times in it are counted from the sources."""

import pytest

from mlc_course.content.pages import read_page
from mlc_course.content.reading_time import duration, exercise_count, page_minutes
from mlc_course.exercises.catalog import exercise_stems, load_exercise
from mlc_course.root import course_root, stems
from mlc_course.site.sphinx.course_map import MapError, map_lines, plain_map

ROOT = course_root()


@pytest.mark.parametrize("stem", exercise_stems(ROOT))
def test_exercises_are_counted_as_the_exercise_reader_does(stem):
    answers = {cell.item for cell in load_exercise(stem, ROOT).cells if cell.role == "answer"}
    assert exercise_count(stem, ROOT) == len(answers)


def test_a_topic_without_exercises_has_none():
    assert exercise_count("glossary", ROOT) == 0


def test_minutes_grow_with_words_and_cells(tmp_path):
    folder = tmp_path / "chapters" / "en"
    folder.mkdir(parents=True)
    cell = "```{code-cell} python\nprint(1)\n```\n\n"
    front = "---\njupytext:\n  text_representation:\n    format_name: myst\n---\n"
    (folder / "words.md").write_text(front + "word " * 1300)
    (folder / "cells.md").write_text(front + "word " * 1300 + "\n\n" + cell * 20)
    (folder / "short.md").write_text("one word")
    assert [page_minutes(name, tmp_path) for name in ("words", "cells", "short")] == [10, 50, 5]


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [(45, "45 min", "45 分钟"), (60, "1 h", "1 小时"), (75, "1¼ h", "1¼ 小时"), (210, "3½ h", "3½ 小时")],
)
def test_durations_read_naturally(minutes, english, chinese):
    assert (duration(minutes, "en"), duration(minutes, "zh")) == (english, chinese)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_front_page_has_a_map_of_all_topics(language):
    prose = read_page("index", language, ROOT).prose
    lines = prose.split("```{course-map}\n")[1].split("\n```")[0].splitlines()
    table = plain_map(lines, ROOT, language)
    assert len(table) == 3 + len(stems(ROOT))
    total = sum(exercise_count(stem, ROOT) for stem in stems(ROOT))
    assert str(total) in table[-1]


def test_a_map_that_misses_a_topic_or_has_no_text_is_refused():
    with pytest.raises(MapError, match=r"got gpu; the topics of _toc\.yml are gpu, graphs"):
        map_lines(["gpu: kernels"], ["gpu", "graphs"])
    with pytest.raises(MapError, match="got the line 'gpu', expected '<stem>: what you build'"):
        map_lines(["gpu"], ["gpu"])
