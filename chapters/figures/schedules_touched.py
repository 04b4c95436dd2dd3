"""What a few innermost loops touch of A, B and C, for three loop orders; computed from the programs."""

import numpy as np

from mlc_ref.language import Text
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.pictures import MATRICES, touched
from mlc_ref.schedules.programs import matmul
from mlc_ref.schedules.tiles import Tiles
from mlc_ref.viz.board import Board, Kind

SIDE, CELL = 16, 9
TILES = Tiles(lanes=2, rows=2, columns=2, depth=16, row_tiles=1, tasks=8, pack_a=False)
ROWS = [
    ("naive", 1, Text("as written: the loop over k", "原程序：对 k 的循环")),
    ("rows_inside", 1, Text("after reorder: the loop over j", "重排之后：对 j 的循环")),
    ("tiled", 3, Text("after tiling: one tile of 8 × 8 × 8", "分块之后：一个 8 × 8 × 8 的分块")),
]


def _marks(elements: np.ndarray, kind: Kind) -> dict[tuple[int, int], Kind]:
    """Touched elements in colour, and the rest of their cache lines (here: rows) in orange."""
    line = {(int(r), c): "orange" for r in np.flatnonzero(elements.any(axis=1)) for c in range(SIDE)}
    return line | {(int(r), int(c)): kind for r, c in np.argwhere(elements)}


def draw() -> Board:
    title = Text(
        "Elements of A, B and C touched by the inner loops of three matmul programs, and the cache lines they lie in.",
        "三个矩阵乘法程序的内层循环触及 A、B、C 的哪些元素，以及这些元素所在的缓存行。",
    )
    board = Board(520, 690, title)
    for number, (name, depth, label) in enumerate(ROWS):
        y = 30 + number * 218
        found = touched(LADDER[name](matmul(SIDE, SIDE, SIDE), TILES), depth)
        lines = sum(int(elements.any(axis=1).sum()) for elements in found.values())
        steps = int(found["A"].sum() * found["C"].any(axis=0).sum())
        board.text(10, y, label, anchor="start", style="bold")
        count = Text(
            f"{steps} multiply-adds, {lines} lines: {steps / lines:.1f} a line",
            f"{steps} 次乘加，{lines} 个缓存行：平均每个缓存行 {steps / lines:.1f} 次",
        )
        board.text(10, y + 22, count, anchor="start", size=14)
        for place, matrix in enumerate(MATRICES):
            x = 36 + place * 164
            board.text(x - 14, y + 34 + SIDE * CELL / 2, matrix, style="mono bold", size=14)
            board.grid(x, y + 34, SIDE, SIDE, CELL, marks=_marks(found[matrix], "blue"))
    board.box(36, 664, 14, 14, kind="blue", radius=2)
    board.text(58, 676, Text("touched", "触及的元素"), anchor="start", size=14)
    board.box(200, 664, 14, 14, kind="orange", radius=2)
    board.text(
        222, 676, Text("in the same line, not needed now", "同一缓存行中此刻用不到的元素"), anchor="start", size=14
    )
    return board
