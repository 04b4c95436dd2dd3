"""How a block builder's module grows call by call, read from the module it ends with."""

from mlc_ref.frameworks.builder import mlp_with_te
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

TITLE = Text(
    "Four states of a module: each emit_te adds a binding to main on the left and a tensor program on the right",
    "模块的四个状态：每次 emit_te 都在左边的 main 中增加一个绑定，在右边增加一个张量程序",
)
CALLS = ["function, dataflow", "emit_te(linear, x, …)", "emit_te(relu, lv)", "emit_output(call_te(linear, …))"]
LINE, TOP = 22, 34


def draw() -> Board:
    mod = mlp_with_te()
    bindings = [binding for block in mod["main"].body.blocks for binding in block.bindings]
    lines, programs = [], []
    for binding in bindings:
        callee, arguments = binding.value.args[:2]
        names = ", ".join(argument.name for argument in arguments.fields)
        lines.append(f"{binding.var.name} = {callee.name_hint}({names})")
        programs.append(callee.name_hint)
    heights = [70 + LINE * max(number, 1) for number in range(len(lines) + 1)]
    board = Board(540, sum(heights) + TOP, TITLE)
    board.text(10, 20, Text("graph main", "计算图 main"), anchor="start", style="bold")
    board.text(400, 20, Text("tensor programs", "张量程序"), anchor="start", style="bold")
    y = TOP
    for number, height in enumerate(heights):
        board.text(10, y + 18, CALLS[number], size=14, anchor="start", style="mono soft")
        board.box(10, y + 26, 360, height - 44, kind="blue")
        board.box(390, y + 26, 140, height - 44, kind="purple")
        shown = lines[:number] or ["main(x, w0, b0, w1, b1)"]
        board.code(22, y + 48, shown, size=14, marks={number - 1: "bold"})
        board.code(402, y + 48, programs[:number], size=14, marks={number - 1: "bold"})
        y += height
    return board
