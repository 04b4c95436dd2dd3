"""The elements: tensors, tensor functions, and one function made of three."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "Tensors x, w, b, h, z, y connected by the functions matmul, add and relu; the three form one function",
        "张量 x、w、b、h、z、y 由函数 matmul、add、relu 相连；三个函数合成一个函数",
    )
    board = Board(460, 390, title)
    board.box(10, 10, 18, 18, kind="blue", radius=3)
    board.text(36, 25, Text("tensor", "张量"), anchor="start")
    board.box(130, 10, 18, 18, kind="orange", radius=9)
    board.text(156, 25, Text("tensor function", "张量函数"), anchor="start")

    board.box(96, 100, 354, 210, kind="ghost", radius=14)
    board.text(436, 126, Text("one function\nmade of three", "三个函数合成\n一个函数"), anchor="end", style="soft")

    _tensor(board, 130, 46, "x")
    _tensor(board, 260, 46, "w")
    _function(board, 195, 128, "matmul")
    board.arrow(190, 80, 218, 126)
    board.arrow(300, 80, 262, 126)
    _between(board, 215, 162, "h (360, 10)")
    _tensor(board, 10, 188, "b")
    _function(board, 195, 196, "add")
    board.arrow(72, 205, 193, 212)
    _between(board, 215, 230, "z (360, 10)")
    _function(board, 195, 264, "relu")
    board.arrow(240, 298, 240, 344)
    _tensor(board, 180, 346, "y")
    return board


SHAPES = {"x": "(360, 64)", "w": "(64, 10)", "b": "(10,)", "y": "(360, 10)"}


def _tensor(board: Board, x: float, y: float, name: str) -> None:
    width = 62 if name == "b" else 120
    label = f"b\n{SHAPES[name]}" if name == "b" else f"{name} {SHAPES[name]}"
    board.box(x, y, width, 42 if name == "b" else 34, label, kind="blue", style="mono", size=14, radius=3)


def _function(board: Board, x: float, y: float, name: str) -> None:
    board.box(x, y, 90, 32, name, kind="orange", radius=16, style="mono")


def _between(board: Board, x: float, y: float, label: str) -> None:
    board.arrow(x + 25, y, x + 25, y + 32)
    board.text(x + 36, y + 20, label, anchor="start", size=14, style="mono blue-text")
