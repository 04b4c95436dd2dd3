"""Bars of measured ratios, one pair of bars a row, with the goal of each row as a mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlc_ref.kinds import invalid
from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

LEFT, RIGHT, TOP, STEP = 196, 472, 74, 44
KINDS: tuple[Kind, ...] = ("blue", "green", "orange")

_CUT = Text("{ratio}, cut", "{ratio}，截断")


@dataclass(frozen=True)
class Bars:
    """One row of the chart.

    Attributes:
        ratios: one for each series, None where it was not measured.
        goal: where the mark stands, or None.
    """

    label: Text
    ratios: tuple[float | None, ...]
    goal: float | None = None


def ratio_chart(title: Text, series: Sequence[Text], rows: Sequence[Bars], *, most: float) -> Board:
    """A board with horizontal bars from 0 to ``most``; a longer bar is cut: two strokes cross its end, and its number says how
    long it is and that it is cut.

    Raises:
        ValueError: a row has another number of ratios than there are series, or there are too many series.
    """
    if len(series) > len(KINDS):
        raise invalid(
            f"series: got {len(series)}, at most {len(KINDS)}", f"series：得到 {len(series)} 个，最多 {len(KINDS)} 个"
        )
    board = Board(560, TOP + STEP * len(rows) + 34, title)
    for number, name in enumerate(series):
        board.box(LEFT + 116 * number, 10, 14, 14, kind=KINDS[number], radius=2)
        board.text(LEFT + 20 + 116 * number, 23, name, anchor="start", size=14)
    board.line((14, 12), (14, 26))
    board.text(22, 23, Text("goal", "目标"), anchor="start", size=14)

    def place(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(value, most) / most

    bottom = TOP + STEP * len(rows)
    for mark in range(int(most) + 1):
        board.line((place(mark), TOP - 12), (place(mark), bottom), dashed=mark != 1)
        board.text(place(mark), TOP - 18, f"{mark}×", size=14, style="soft")
    thickness = 32 / len(series)
    for number, row in enumerate(rows):
        if len(row.ratios) != len(series):
            raise invalid(
                f"row {row.label.en!r}: got {len(row.ratios)} ratios, allowed one for each of {len(series)} series",
                f"行 {row.label.zh!r}：得到 {len(row.ratios)} 个比值，要为 {len(series)} 个系列各给一个",
            )
        y = TOP + STEP * number
        board.text(LEFT - 8, y + 21, row.label, anchor="end", size=14)
        for kind, bar, ratio in zip(KINDS, range(len(series)), row.ratios, strict=False):
            if ratio is not None:
                board.box(LEFT, y + bar * thickness, place(ratio) - LEFT, thickness - 2, kind=kind, radius=2)
                said: Text | str = f"{ratio:.2f}"
                if ratio > most:
                    said = _CUT.format(ratio=said)
                    for x in (RIGHT - 18, RIGHT - 12):
                        board.line((x, y + (bar + 1) * thickness - 1), (x + 4, y + bar * thickness - 1))
                board.text(place(ratio) + 6, y + bar * thickness + 12, said, anchor="start", size=14)
        if row.goal is not None:
            board.line((place(row.goal), y - 3), (place(row.goal), y + 33))
    return board
