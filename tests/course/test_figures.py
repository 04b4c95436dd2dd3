"""The figures on disk are what their scripts draw, in both languages."""

import re
from xml.etree import ElementTree

import pytest

from mlc_course.authoring.figures import render, scripts
from mlc_course.root import course_root
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

SCRIPTS = scripts()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_the_committed_drawings_are_what_the_script_draws(script):
    for path, svg in render(script).items():
        assert path.read_text("utf-8") == svg, f"run: make figures ({path.name} is not up to date)"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_a_figure_is_well_formed_and_titled_in_its_language(script):
    for path, svg in render(script).items():
        root = ElementTree.fromstring(svg)
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert bool(re.search(r"[\u4e00-\u9fff]", title.text or "")) == (".zh." in path.name)


def test_every_drawing_has_a_script():
    drawn = {p.name.split(".")[0] for p in (course_root() / "chapters" / "figures").glob("*.svg")}
    assert drawn == {p.stem for p in SCRIPTS}


def test_a_board_too_wide_for_a_phone_is_refused():
    with pytest.raises(ValueError, match="width: got 900, at most 560"):
        Board(900, 100, Text("wide", "宽"))


def test_text_too_small_for_a_phone_is_refused():
    with pytest.raises(ValueError, match="size: got 9, at least 14"):
        Board(100, 100, Text("small", "小")).text(0, 0, "x", size=9)


def test_labels_are_escaped_and_written_in_the_language_asked_for():
    board = Board(100, 100, Text("title", "标题"))
    board.text(10, 20, Text("a < b", "甲 < 乙"))
    assert "a &lt; b" in board.render("en")
    assert "甲 &lt; 乙" in board.render("zh")
    assert "a &lt; b" not in board.render("zh")
