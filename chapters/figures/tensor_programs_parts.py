"""The same function in low-level NumPy and in TensorIR, part by part."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

LEFT, RIGHT, LEFT_WIDTH, RIGHT_WIDTH, LINE = 8, 244, 228, 308, 20
ROWS = [
    (Text("buffers given by the caller", "调用者给出的缓冲区"), "blue",
     ["def center_rows(X, Y):"], ['X: T.Buffer((4, 6), "float32")', 'Y: T.Buffer((4, 6), "float32")']),
    (Text("a buffer of its own", "自己分配的缓冲区"), "blue",
     ["total = np.empty((4,))"], ["total = T.sblock_alloc_buffer(", '    (4,), "float32")']),
    (Text("loops", "循环"), "green",
     ["for i in range(4):", "    for k in range(6):"], ["for i, k in T.grid(4, 6):"]),
    (Text("block and axes: what NumPy does not say", "块与块轴：NumPy 没有说出的信息"), "purple",
     [], ['with T.sblock("total"):', "    vi = T.axis.spatial(4, i)", "    vk = T.axis.reduce(6, k)"]),
    (Text("first value of the sum", "求和的初始值"), "orange",
     ["if k == 0:", "    total[i] = 0"], ["with T.init():", "    total[vi] = T.float32(0)"]),
    (Text("computation", "计算"), "orange",
     ["total[i] = (total[i]", "            + X[i, k])"], ["total[vi] = (total[vi]", "             + X[vi, vk])"]),
]  # fmt: skip


def draw() -> Board:
    title = Text(
        "Each part of a low-level NumPy function beside the same part in TensorIR; NumPy has nothing beside the block.",
        "底层 NumPy 函数的每一部分与 TensorIR 中对应的部分并列；与块对应的位置，NumPy 是空的。",
    )
    heights = [34 + LINE * max(len(left), len(right)) for _, _, left, right in ROWS]
    board = Board(560, 40 + sum(heights) + 12 * len(ROWS), title)
    board.text(LEFT + LEFT_WIDTH / 2, 22, Text("low-level NumPy", "底层 NumPy"), style="bold", size=16)
    board.text(RIGHT + RIGHT_WIDTH / 2, 22, "TensorIR", style="bold", size=16)
    y = 36.0
    for (label, kind, left, right), height in zip(ROWS, heights, strict=True):
        board.text(LEFT, y + 14, label, anchor="start", style="soft", size=14)
        board.box(LEFT, y + 20, LEFT_WIDTH, height - 22, kind=kind if left else "ghost")
        board.box(RIGHT, y + 20, RIGHT_WIDTH, height - 22, kind=kind)
        board.code(LEFT + 8, y + 39, left)
        if not left:
            board.text(LEFT + LEFT_WIDTH / 2, y + 20 + (height - 22) / 2 + 5, Text("nothing", "没有"), style="soft")
        board.code(RIGHT + 8, y + 39, right)
        y += height + 12
    return board
