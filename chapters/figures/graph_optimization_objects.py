"""The object graph of a Relax function, drawn from the function."""

from mlc_ref.graph_optimization.programs import SharedProduct
from mlc_ref.graph_optimization.walk import outline
from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

KINDS: dict[str, Kind] = {
    "Function": "blue",
    "param": "green",
    "SeqExpr": "blue",
    "DataflowBlock": "purple",
    "VarBinding": "orange",
    "Call": "plain",
    "body": "green",
}
ROW, STEP = 30, 34


def draw() -> Board:
    title = Text(
        "A function holds its parameters and a SeqExpr, which holds a block of four bindings; each binding holds a call, "
        "each call the variables it reads; at the end the body is the variable out",
        "函数包含参数和一个 SeqExpr；SeqExpr 包含一个块，块中有四个绑定；每个绑定包含一个调用，每个调用包含它读取的变量；最后函数体是变量 out",
    )
    lines = _with_operands_in_one_line(outline(SharedProduct["main"]))
    board = Board(520, 20 + ROW * len(lines), title)
    last_at: dict[int, int] = {}
    for row, (depth, label) in enumerate(lines):
        x, y = 10 + STEP * depth, 10 + ROW * row
        kind = KINDS.get(label.split()[0], "plain")
        board.box(x, y, 9 * len(label) + 16, 24, kind=kind, radius=4)
        board.text(x + 8, y + 17, label, size=14, anchor="start", style="mono")
        last_at[depth] = row
        if depth:
            top = 10 + ROW * last_at[depth - 1] + 24
            board.line((x - STEP + 12, top), (x - STEP + 12, y + 12), (x, y + 12))
    return board


def _with_operands_in_one_line(lines: list[str]) -> list[tuple[int, str]]:
    """``(depth, label)``; the operands below a call join its line."""
    found: list[tuple[int, str]] = []
    for line in lines:
        label = line.strip()
        depth = (len(line) - len(label)) // 2
        if found and found[-1][1].startswith("Call") and depth > found[-1][0]:
            found[-1] = (found[-1][0], f"{found[-1][1]} {label.split()[-1]}")
        else:
            found.append((depth, label))
    return found
