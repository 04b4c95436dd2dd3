"""The figures show the numbers they were given: places and sizes of what is drawn, in both languages."""

import re

import numpy as np
import pytest

from mlc_ref.cache_model import CacheLevel, ReuseHistogram
from mlc_ref.language import Text
from mlc_ref.performance_models.laws import issue_cycles
from mlc_ref.performance_models.machine import EXAMPLE
from mlc_ref.performance_models.pictures import (
    Point,
    chains_board,
    predicted_board,
    reuse_board,
    roofline_board,
    sets_board,
)

TITLE = Text("A title.", "标题。")
_BOX = re.compile(r'<rect class="shape (\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"')


def boxes(board, *kinds):
    """Kind, x, y, width and height of each box of one of the kinds."""
    found = [(kind, *map(float, rest)) for kind, *rest in _BOX.findall(board.render("en"))]
    return [each for each in found if each[0] in kinds]


def words(board, language):
    return re.findall(r"<tspan[^>]*>([^<]*)</tspan>", board.render(language))


def test_points_stand_where_a_logarithmic_roofline_has_them():
    points = [Point(Text.code(f"p{i}"), intensity, 10 * intensity) for i, intensity in enumerate((0.1, 1, 10))]
    board = roofline_board(TITLE, points, EXAMPLE, ["memory"])
    (_, x0, y0, *_), (_, x1, y1, *_), (_, x2, y2, *_) = boxes(board, "orange")
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.01)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.01) != 0
    # 10 operations a byte are the ridge of 100 GFLOP/s and 10 GB/s: the roof bends at the centre of the last point.
    bend = f"{x2 + 5:g} {y2 + 5:g}"
    assert [round(float(n)) for n in bend.split()] in [
        [round(float(n)) for n in pair.split()] for pair in re.findall(r"[ML]([\d.]+ [\d.]+)", board.render("en"))
    ]
    assert {"from memory, 10 GB/s", "peak, 100 GFLOP/s", "p0", "p1", "p2"} <= set(words(board, "en"))
    assert {"来自内存，10 GB/s", "峰值 100 GFLOP/s"} <= set(words(board, "zh"))


def test_every_memory_asked_for_has_a_roof():
    board = roofline_board(TITLE, [Point(Text.code("p"), 1, 1)], EXAMPLE, ["L2", "memory"])
    assert {"from L2, 80 GB/s", "from memory, 10 GB/s"} <= set(words(board, "en"))
    for wrong in ([], [Point(Text.code("p"), 0, 1)], [Point(Text.code("p"), 1, -1)]):
        with pytest.raises(ValueError, match="at least one point"):
            roofline_board(TITLE, wrong, EXAMPLE, ["memory"])


def test_bars_of_a_histogram_are_as_high_as_their_shares():
    board = reuse_board(TITLE, {"one": ReuseHistogram(25, np.array([50, 0, 20, 5]))}, CacheLevel("L1", 128))
    blue = [round(height / 90, 2) for *_, height in boxes(board, "blue")]
    assert blue == [0.5, round(0.5 / 90, 2), 0.25]  # distances 0, 1 and 2 to 3; an empty bar is a thin line
    assert [height / 90 for *_, height in boxes(board, "green")] == [0.25]
    assert {"50%", "25%", "first", "L1 holds 2 lines", "one"} <= set(words(board, "en"))
    assert "L1 容纳 2 行" in words(board, "zh")


def test_sets_that_hold_more_lines_than_they_have_ways_are_red():
    board = sets_board(TITLE, {"a": np.array([4, 0, 1, 2]), "b": np.array([2, 2, 2, 2])}, CacheLevel("L1", 512, 2))
    (red,) = boxes(board, "red")
    heights = [height for *_, height in boxes(board, "blue")]
    assert len(heights) == 2 + 4
    assert [red[4] / height for height in heights] == [4, 2, 2, 2, 2, 2]
    assert {"2 ways", "most lines of one set: 4", "most lines of one set: 2", "sets 0 to 3"} <= set(words(board, "en"))
    assert "一组最多 4 行" in words(board, "zh")


def test_an_addition_waits_for_its_accumulator_and_for_the_unit():
    assert issue_cycles(4, 1, 3) == [(0, 0), (0, 3), (0, 6), (0, 9)]
    assert issue_cycles(4, 2, 3) == [(0, 0), (1, 1), (0, 3), (1, 4)]
    assert issue_cycles(5, 3, 3) == [(0, 0), (1, 1), (2, 2), (0, 3), (1, 4)]
    assert issue_cycles(4, 8, 3) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    for wrong in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        with pytest.raises(ValueError, match="got 0, allowed numbers above 0"):
            issue_cycles(*wrong)


def test_each_addition_is_a_box_and_more_accumulators_end_sooner():
    board = chains_board(TITLE, 8, (1, 4), 4)
    drawn = boxes(board, "blue", "green", "orange", "purple")
    assert len(drawn) == 16
    ends = [max(x + width for _, x, _, width, _ in part) for part in (drawn[:8], drawn[8:])]
    assert (ends[1] - 20) / (ends[0] - 20) == pytest.approx(11 / 32, abs=0.01)
    assert {"1 accumulator: 32 cycles", "4 accumulators: 11 cycles"} <= set(words(board, "en"))
    assert "4 个累加器：11 个周期" in words(board, "zh")


def test_predicted_and_measured_times_stand_beside_each_other_the_slowest_first():
    board = predicted_board(TITLE, {"a": 1e-6, "b": 1e-4}, {"a": 1e-5, "b": 1e-3}, 0.94)
    _, *blue = boxes(board, "blue")
    _, *orange = boxes(board, "orange")
    assert [each for each in words(board, "en") if each in "ab"] == ["b", "a"]
    # Each power of ten is equally long.
    assert orange[0][3] - blue[0][3] == pytest.approx(orange[1][3] - blue[1][3], abs=0.01)
    assert blue[0][3] - orange[1][3] == pytest.approx(orange[0][3] - blue[0][3], abs=0.01) != 0
    assert {"1 µs", "100 µs", "10 µs", "1000 µs", "Spearman's rank correlation: 0.94"} <= set(words(board, "en"))
    assert {"预测", "实测", "斯皮尔曼等级相关系数：0.94"} <= set(words(board, "zh"))
