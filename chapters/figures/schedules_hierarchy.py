"""The memory hierarchy: from registers to main memory, each level larger and slower."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

LINES = Text("a line of 64 bytes at a time", "每次一个 64 字节的缓存行")
LEVELS = [
    (Text("registers", "寄存器"), Text("1 or 2 KiB a core", "每个核心 1 到 2 KiB"), "green"),
    (Text("first cache (L1)", "一级缓存（L1）"), Text("tens of KiB a core", "每个核心几十 KiB"), "blue"),
    (Text("second cache (L2)", "二级缓存（L2）"), Text("about 1 MiB a core", "每个核心约 1 MiB"), "blue"),
    (Text("last cache (L3)", "末级缓存（L3）"), Text("tens of MiB, shared", "几十 MiB，各核心共用"), "purple"),
    (Text("main memory", "主存"), Text("many GiB", "许多 GiB"), "orange"),
]


def draw() -> Board:
    title = Text(
        "Five levels of memory: registers at the top, three caches, main memory at the bottom; each level is wider "
        "and further from the arithmetic.",
        "五级存储：最上面是寄存器，接着是三级缓存，最下面是主存；越往下越大，离运算部件越远。",
    )
    board = Board(540, 420, title)
    for number, (name, size, kind) in enumerate(LEVELS):
        width = 190 + 58 * number
        y = 10 + 82 * number
        board.box(230 - width / 2, y, width, 54, kind=kind)
        board.text(230, y + 22, name, style="bold")
        board.text(230, y + 43, size, size=14)
        if number < len(LEVELS) - 1:
            board.arrow(218, y + 80, 218, y + 57)
            board.arrow(242, y + 57, 242, y + 80)
            unit = LINES if number else Text("a number or a vector at a time", "每次一个数或一个向量")
            board.text(258, y + 74, unit, size=14, anchor="start", style="soft")
    board.arrow(508, 40, 508, 360)
    board.text(500, 28, Text("faster", "更快"), size=14, style="green-text bold")
    board.text(500, 384, Text("larger", "更大"), size=14, style="orange-text bold")
    return board
