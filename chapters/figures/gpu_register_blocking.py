"""A tile of the result a thread: eight loads serve sixteen multiplications."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

CELL = 30


def draw() -> Board:
    title = Text(
        "A thread loads four elements of a column of A and four of a row of B, and adds to sixteen sums",
        "一个线程取 A 的一列中的四个元素和 B 的一行中的四个元素，更新十六个累加和",
    )
    board = Board(500, 400, title)
    board.text(350, 22, Text("B: four of row p", "B：第 p 行的四个元素"), style="bold")
    board.grid(230, 34, 4, 8, CELL, marks={(1, c): "green" for c in range(2, 6)})
    board.text(70, 176, Text("A: four of\ncolumn p", "A：第 p 列的\n四个元素"), style="bold")
    board.grid(20, 214, 6, 4, CELL, marks={(r, 1): "blue" for r in range(1, 5)})
    board.text(350, 182, Text("C: sixteen sums in registers", "C：寄存器中的十六个累加和"), style="bold")
    board.grid(230, 214, 6, 8, CELL, marks={(r, c): "orange" for r in range(1, 5) for c in range(2, 6)})
    board.arrow(142, 304, 226, 304)
    board.arrow(350, 156, 350, 166)
    return board
