"""Charts of ratios: bars as long as the numbers say, cut at the edge, and what they refuse."""

import re

import pytest

from mlc_ref.language import Text
from mlc_ref.viz.ratios import LEFT, RIGHT, Bars, ratio_chart

TITLE, SERIES = Text("ratios", "比值"), [Text("1 thread", "1 个线程"), Text("2 threads", "2 个线程")]


def bar_lengths(board):
    return [float(width) for x, width in re.findall(rf'x="({LEFT})" y="[^"]*" width="([^"]*)" height="14"', board.render("en"))
            if x == str(LEFT)][1:]  # fmt: skip


def test_a_bar_is_as_long_as_its_ratio_and_is_cut_at_the_edge():
    board = ratio_chart(TITLE, SERIES, [Bars(Text("sum", "求和"), (1.0, 7.0), goal=1.5)], most=2)
    assert bar_lengths(board) == [(RIGHT - LEFT) / 2, RIGHT - LEFT]
    assert ">7.00, cut<" in board.render("en")
    assert ">7.00，截断<" in board.render("zh")
    assert ">1.00<" in board.render("en")
    assert "求和" in board.render("zh")


def test_what_was_not_measured_has_no_bar():
    board = ratio_chart(TITLE, SERIES, [Bars(Text("sum", "求和"), (1.0, None))], most=2)
    assert len(bar_lengths(board)) == 1


def test_a_row_without_a_ratio_for_each_series_is_refused():
    with pytest.raises(ValueError, match="row 'sum': got 1 ratios, allowed one for each of 2 series"):
        ratio_chart(TITLE, SERIES, [Bars(Text("sum", "求和"), (1.0,))], most=2)
