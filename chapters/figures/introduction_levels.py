"""The same function at the four abstractions: what each shows, and what it leaves open."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

PANELS: list[tuple[Kind, Text, Text, list[str]]] = [
    (
        "blue",
        Text("Computational graph", "计算图"),
        Text("functions and tensors", "函数与张量"),
        ["h = R.matmul(x, w)", "z = R.add(h, b)", "y = R.nn.relu(z)"],
    ),
    (
        "purple",
        Text("Tensor program", "张量程序"),
        Text("loops and buffers", "循环与缓冲区"),
        ["for i, j, k in T.grid(360, 10, 64):", "    h[i, j] += x[i, k] * w[k, j]", "…"],
    ),
    (
        "orange",
        Text("Library", "库"),
        Text("a name to call, the inside hidden", "可调用的名字，内部不可见"),
        ['R.call_dps_packed("…matmul", (x, w))'],
    ),
    (
        "green",
        Text("Hardware instructions", "硬件指令"),
        Text("registers and addresses", "寄存器与地址"),
        ["ldp   q22, q20, [x12]", "fmla  v5.4s, v20.4s, v17.s[0]", "…"],
    ),
]


def draw() -> Board:
    title = Text(
        "Linear and ReLU as a graph, as a tensor program, as a library call, and as instructions",
        "同一个线性层与 ReLU：计算图、张量程序、库调用、硬件指令",
    )
    board = Board(440, 490, title)
    y = 10
    for kind, name, shows, code in PANELS:
        height = 50 + 20 * len(code)
        board.box(10, y, 420, height, kind=kind)
        board.text(24, y + 24, name, anchor="start", style="bold")
        board.text(418, y + 24, shows, anchor="end", size=14)
        board.code(24, y + 48, code)
        y += height + 14
    return board
