"""The ladder as a chart: bytes moved and memory accesses for each multiply-add, counted by the cache model."""

import math

from mlc_ref.language import Text
from mlc_ref.schedules.pictures import LADDER_CACHE_BYTES, LADDER_SIDE, counted_ladder
from mlc_ref.viz.board import Board

LEFT, UNIT, SMALLEST = 142, 44, 0.5


def _length(value: float) -> float:
    """A bar's length: each doubling adds ``UNIT`` units."""
    return UNIT * math.log2(max(value, SMALLEST * 1.02) / SMALLEST)


def draw() -> Board:
    title = Text(
        "Bytes moved and memory accesses for each multiply-add, for every version of the matmul ladder.",
        "矩阵乘法阶梯的每个版本，平均每次乘加搬运的字节数与访存次数。",
    )
    board = Board(560, 510, title)
    steps = LADDER_SIDE**3
    for number, (name, counted) in enumerate(counted_ladder().items()):
        y = 14 + 52 * number
        board.text(LEFT - 10, y + 26, name, anchor="end", style="mono", size=14)
        bars = [(counted.moved_bytes / steps, "blue"), ((counted.loads + counted.stores) / steps, "orange")]
        for row, (value, kind) in enumerate(bars):
            length = _length(value)
            board.box(LEFT, y + 20 * row, length, 18, kind=kind, radius=2)
            board.text(LEFT + length + 6, y + 14 + 20 * row, f"{value:.2f}", anchor="start", size=14)
    board.box(20, 440, 14, 14, kind="blue", radius=2)
    board.text(42, 452, Text("bytes moved per multiply-add", "每次乘加搬运的字节数"), anchor="start", size=14)
    board.box(290, 440, 14, 14, kind="orange", radius=2)
    board.text(312, 452, Text("loads and stores per multiply-add", "每次乘加的读写次数"), anchor="start", size=14)
    note = Text(
        f"{LADDER_SIDE}³ matmul, cache of {LADDER_CACHE_BYTES} bytes\n"
        "(logarithmic: twice the value is one step longer)",
        f"{LADDER_SIDE}³ 矩阵乘法，缓存 {LADDER_CACHE_BYTES} 字节\n（对数刻度：数值每翻一倍，条形增加同样的长度）",
    )
    board.text(20, 478, note, anchor="start", size=14, style="soft")
    return board
