"""Loop axes against block axes: eight iterations of two loops, seven values of one axis."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

OUTER, INNER, DOMAIN = 2, 4, 7
CELL, GAP, LEFT = 58, 24, 24


def _x(iteration: int) -> float:
    return LEFT + iteration * CELL + (iteration // INNER) * GAP


def draw() -> Board:
    title = Text(
        "Two loops make eight iterations; each is bound to one of the seven values of the block axis, and the eighth "
        "is cut off by T.where.",
        "两层循环共八次迭代，每次对应块轴七个取值中的一个；第八次被 T.where 截去。",
    )
    board = Board(560, 330, title)
    board.text(LEFT, 24, Text("loops: how to run", "循环：怎样执行"), anchor="start", style="bold")
    board.text(536, 24, "for io, ii in T.grid(2, 4)", anchor="end", style="mono green-text", size=14)
    board.text(LEFT, 300, Text("block axis: what to compute", "块轴：计算什么"), anchor="start", style="bold")
    board.text(536, 300, "vi = T.axis.spatial(7, …)", anchor="end", style="mono purple-text", size=14)
    for io in range(OUTER):
        board.text(_x(io * INNER) + 2 * CELL, 54, f"io = {io}", style="mono", size=14)
        for ii in range(INNER):
            iteration, value = io * INNER + ii, io * 4 + ii
            inside = value < DOMAIN
            x = _x(iteration)
            board.box(x + 3, 64, CELL - 6, 34, f"ii={ii}", kind="green" if inside else "ghost", size=14, style="mono")
            if inside:
                target = LEFT + CELL / 2 + value * (CELL + 8)
                board.arrow(x + CELL / 2, 100, target, 228)
                board.box(target - CELL / 2 + 3, 232, CELL - 6, 36, f"vi={value}", kind="purple", size=14, style="mono")
            else:
                board.text(x + CELL / 2, 122, "T.where", style="mono red-text", size=14)
                board.text(x + CELL / 2, 142, Text("cuts it off", "将它截去"), style="red-text", size=14)
    board.box(150, 150, 220, 32, "vi = io * 4 + ii", kind="plain", style="mono", size=15)
    return board
