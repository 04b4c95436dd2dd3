"""Anatomy of a block: its parts, and the parts of one axis."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

PARTS = [
    ("plain", ['with T.sblock("total"):'], Text("name: how a schedule\nfinds the block", "名字：\n调度凭它找到块")),
    ("purple", ["    vi = T.axis.spatial(4, i)", "    vk = T.axis.reduce(6, k)"],
     Text("axes: all the block\nneeds to know", "块轴：\n块需要知道的全部信息")),
    ("blue", ["    T.reads(X[vi, vk])", "    T.writes(total[vi])"],
     Text("what one iteration\nreads and writes", "一次迭代\n读什么、写什么")),
    ("green", ["    with T.init():", "        total[vi] = T.float32(0)"],
     Text("first value: runs where\nall reduction axes are 0", "初始值：所有规约轴\n都为 0 时执行")),
    ("orange", ["    total[vi] = (total[vi]", "                 + X[vi, vk])"],
     Text("computation,\nin axes alone", "计算：\n只用块轴表达")),
]  # fmt: skip
PIECES = [
    (0, 2, Text("name", "名字"), 110),
    (12, 7, Text("kind", "类型"), 240),
    (20, 1, Text("domain 0…3", "定义域 0…3"), 330),
    (23, 1, Text("bound value", "绑定的值"), 440),
]
"""Of the axis written out below the block: first column, columns, label, place of the label."""


def draw() -> Board:
    title = Text(
        "A block in five parts: name, axes, reads and writes, initial value, computation. An axis has a name, a kind, "
        "a domain and the value it is bound to.",
        "一个块的五个部分：名字、块轴、读写、初始值、计算。每个轴有名字、类型、定义域和绑定的值。",
    )
    board = Board(560, 476, title)
    y = 8.0
    for kind, lines, note in PARTS:
        height = 24 + 20 * len(lines)
        board.box(8, y, 318, height, kind=kind)
        board.code(18, y + 26, lines)
        board.text(344, y + height / 2 - 4, note, anchor="start", size=15)
        y += height + 8
    board.text(8, y + 26, Text("one axis:", "一个轴："), anchor="start", style="bold")
    board.text(100, y + 66, "vi = T.axis.spatial(4, i)", anchor="start", style="mono", size=16)
    pitch = 16 * 0.602
    for column, width, label, label_x in PIECES:
        middle = 100 + (column + width / 2) * pitch
        board.line((middle, y + 72), (label_x, y + 90))
        board.text(label_x, y + 107, label, style="purple-text", size=14)
    return board
