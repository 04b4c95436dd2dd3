"""The memory picture of a buffer: two dimensions for the program, one for the machine."""

from mlc_ref.language import Text
from mlc_ref.tensor_programs.memory import ALIGNMENT, compact_strides, element_offset
from mlc_ref.viz.board import Board

ROWS, COLUMNS, PICKED, BYTES = 3, 4, (1, 2), 4
COLOURS = ("blue", "green", "purple")


def draw() -> Board:
    offset = element_offset(PICKED, (ROWS, COLUMNS))
    strides = compact_strides((ROWS, COLUMNS))
    i, j = PICKED
    title = Text(
        f"A buffer of {ROWS} rows and {COLUMNS} columns; its rows lie one after the other in memory, "
        f"so X[{i}, {j}] is element {offset}.",
        f"一个 {ROWS} 行 {COLUMNS} 列的缓冲区；各行在内存中首尾相接，因此 X[{i}, {j}] 是第 {offset} 个元素。",
    )
    board = Board(560, 372, title)
    places = [(r, c) for r in range(ROWS) for c in range(COLUMNS)]
    board.text(20, 24, Text("the program sees", "程序看到的"), anchor="start", style="bold")
    board.text(20, 48, 'X: T.Buffer((3, 4), "float32")', anchor="start", style="mono", size=14)
    for r, c in places:
        kind = "orange" if (r, c) == PICKED else COLOURS[r]
        board.box(20 + c * 56, 62 + r * 38, 54, 36, f"{r}, {c}", kind=kind, size=14, style="mono", radius=3)
    board.text(280, 92, Text("strides, in elements:", "步幅（单位：元素）："), anchor="start", size=14, style="soft")
    board.text(280, 114, f"{strides}", anchor="start", style="mono", size=15)
    board.text(280, 146, f"X[{i}, {j}]", anchor="start", style="mono orange-text bold", size=15)
    board.text(280, 168, f"{i} * {strides[0]} + {j} * {strides[1]} = {offset}", anchor="start", style="mono", size=15)
    board.text(20, 222, Text("the machine sees", "机器看到的"), anchor="start", style="bold")
    for r, c in places:
        n = element_offset((r, c), (ROWS, COLUMNS))
        kind = "orange" if (r, c) == PICKED else COLOURS[r]
        board.box(20 + n * 43, 238, 41, 40, str(n), kind=kind, size=15, style="mono", radius=3)
    x = 20 + offset * 43
    board.arrow(20 + j * 56 + 27, 62 + (i + 1) * 38, x + 20, 235)
    board.line((20, 300), (20, 282))
    board.line((x, 300), (x, 282))
    board.line((20, 294), (x, 294))
    distance = Text(
        f"{offset} × {BYTES} bytes = {offset * BYTES} bytes", f"{offset} × {BYTES} 字节 = {offset * BYTES} 字节"
    )
    board.text(20 + (x - 20) / 2, 316, distance, size=14)
    start = Text(
        f"The first element lies at an address divisible by {ALIGNMENT}.", f"首元素的地址能被 {ALIGNMENT} 整除。"
    )
    board.text(20, 352, start, anchor="start", size=14, style="soft")
    return board
