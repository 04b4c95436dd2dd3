"""Scalar, vector, dot-product and matrix instructions: what each reads, and how many products it adds."""

from mlc_ref.language import Text
from mlc_ref.tensorization.programs import dot, toy
from mlc_ref.viz.board import Board

CELL, LEFT, LINE = 18, 16, 84
VECTOR = 8


def _row(board: Board, y: float, name: Text, products: int, reads: int) -> None:
    board.text(LEFT, y, name, anchor="start", style="bold")
    plural = "" if products == 1 else "s"
    counted = Text(f"{products} product{plural}, {reads} numbers read", f"{products} 个乘积，读 {reads} 个数")
    board.text(544, y, counted, anchor="end", size=14, style="soft")


def _strip(board: Board, x: float, y: float, count: int, kind: str) -> None:
    for n in range(count):
        board.box(x + n * CELL, y, CELL, CELL, kind=kind, radius=2)


def _sign(board: Board, x: float, y: float, sign: str) -> None:
    board.text(x, y + 16, sign, size=18)


def draw() -> Board:
    title = Text(
        "One scalar instruction adds one product, a vector instruction one product in each lane, a dot-product "
        "instruction several in each lane, a matrix instruction all products of two tiles.",
        "标量指令累加一个乘积，向量指令每个通道累加一个，点积指令每个通道累加若干个，矩阵指令累加两个分块的全部乘积。",
    )
    board = Board(560, 426, title)
    _row(board, 26, Text("scalar", "标量"), 1, 3)
    for x, kind in ((LEFT, "green"), (LEFT + 54, "blue"), (LEFT + 108, "orange")):
        _strip(board, x, 42, 1, kind)
    _sign(board, LEFT + 36, 42, "+=")
    _sign(board, LEFT + 90, 42, "×")

    y = 26 + LINE
    _row(board, y, Text(f"vector, {VECTOR} lanes", f"向量，{VECTOR} 个通道"), VECTOR, 3 * VECTOR)
    width = VECTOR * CELL
    for n, kind in enumerate(("green", "blue", "orange")):
        _strip(board, LEFT + n * (width + 36), y + 16, VECTOR, kind)
    _sign(board, LEFT + width + 18, y + 16, "+=")
    _sign(board, LEFT + 2 * width + 54, y + 16, "×")

    y += LINE
    lanes, depth = dot.LANES, dot.DEPTH
    name = Text(f"dot product, {lanes} lanes of {depth} bytes", f"点积，{lanes} 个通道，每个 {depth} 字节")
    _row(board, y, name, lanes * depth, lanes + depth + lanes * depth)
    for lane in range(lanes):
        board.box(LEFT + lane * 33, y + 14, 31, 22, kind="green", radius=2)
        for p in range(depth):
            board.box(LEFT + lane * 33 + p * 7.75, y + 44, 7.75, 16, kind="orange", radius=1)
    _strip(board, LEFT, y + 68, depth, "blue")
    shared = Text("the same four bytes for every lane", "所有通道共用这四个字节")
    board.text(LEFT + depth * CELL + 10, y + 83, shared, anchor="start", size=14, style="soft")

    y += LINE + 40
    tile = toy.TILE
    _row(board, y, Text(f"matrix, tiles of {tile} × {tile}", f"矩阵，{tile} × {tile} 的分块"), tile**3, 3 * tile**2)
    for n, kind in enumerate(("green", "blue", "orange")):
        marks = {(i, j): kind for i in range(tile) for j in range(tile)}
        board.grid(LEFT + n * 126, y + 18, tile, tile, CELL, marks=marks)
    _sign(board, LEFT + 99, y + 44, "+=")
    _sign(board, LEFT + 225, y + 44, "@")
    return board
