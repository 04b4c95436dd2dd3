"""The tiles of A and B that a block brings to shared memory, and the tile of a thread within."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "A block computes a tile of C; tile by tile along p, it brings a strip of A and of B to shared memory",
        "一个线程块计算 C 的一个分块；沿 p 方向逐块把 A 和 B 的条带取到共享内存",
    )
    board = Board(560, 440, title)
    board.box(250, 44, 290, 130, kind="plain")
    board.text(262, 34, "B", anchor="start", style="bold mono")
    board.box(330, 44, 110, 130, kind="ghost")
    board.box(330, 76, 110, 34, Text("tile of B", "B 的分块"), kind="green", size=14)
    board.box(20, 210, 180, 210, kind="plain")
    board.text(20, 200, "A", anchor="start", style="bold mono")
    board.box(20, 270, 180, 84, kind="ghost")
    board.box(64, 270, 48, 84, Text("tile\nof A", "A 的\n分块"), kind="blue", size=14)
    board.box(250, 210, 290, 210, kind="plain")
    board.text(262, 200, "C", anchor="start", style="bold mono")
    board.box(330, 270, 110, 84, kind="orange")
    board.text(385, 376, Text("tile of the block", "线程块的分块"), style="soft", size=14)
    board.box(360, 288, 26, 22, kind="purple", radius=2)
    board.text(388, 336, Text("a thread's", "线程的分块"), style="purple-text", size=14)
    board.arrow(118, 312, 192, 312)
    board.arrow(456, 84, 456, 166)
    board.text(118, 262, Text("p: next tile →", "p：下一分块 →"), style="soft", size=14)
    board.text(466, 128, Text("next\ntile", "下一\n分块"), anchor="start", style="soft", size=14)
    return board
