"""Pure and impure regions of a function with a side effect, drawn from the module."""

from mlc_ref.end_to_end.pictures import draw_graph
from mlc_ref.end_to_end.programs import LoggedReLU
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

PURE = Text("pure: calls may\nbe moved, merged,\nremoved", "纯区域：其中的\n调用可以移动、\n合并、删除")
IMPURE = Text("side effect:\nstays where it is,\nas often as written", "副作用：位置\n与次数都按\n所写的保留")


def draw() -> Board:
    title = Text(
        "Two dataflow blocks, around ReLU and around multiply; the recording call stands between them, in neither",
        "两个数据流块，分别包住 ReLU 和乘法；记录调用位于两者之间，不属于任何一个",
    )
    board = draw_graph(LoggedReLU, title)
    for number, (label, style) in enumerate([(PURE, "blue-text"), (IMPURE, "red-text"), (PURE, "blue-text")]):
        board.text(14, 68 + 92 * number, label, size=14, anchor="start", style=style)
    return board
