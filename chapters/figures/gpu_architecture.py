"""The parts of a GPU that programs see: multiprocessors with their memories, and the memory they share."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

SM_WIDTH, SM_TOP, SM_HEIGHT = 164, 40, 252


def _multiprocessor(board: Board, x: int, name: Text) -> None:
    board.box(x, SM_TOP, SM_WIDTH, SM_HEIGHT, kind="plain")
    board.text(x + SM_WIDTH / 2, SM_TOP + 24, name, style="bold")
    board.text(x + SM_WIDTH / 2, SM_TOP + 50, Text("lanes that compute", "执行计算的通道"), style="soft", size=14)
    for row in range(2):
        for column in range(8):
            board.box(x + 14 + 17 * column, SM_TOP + 60 + 20 * row, 15, 17, kind="orange", radius=2)
    board.box(x + 12, SM_TOP + 112, SM_WIDTH - 24, 56, Text("registers\n(of each thread)", "寄存器\n（各属一个线程）"),
              kind="green", size=14)  # fmt: skip
    board.box(x + 12, SM_TOP + 180, SM_WIDTH - 24, 60, Text("shared memory\n(of a block)", "共享内存\n（属一个线程块）"),
              kind="blue", size=14)  # fmt: skip


def draw() -> Board:
    title = Text(
        "A GPU: multiprocessors, each with lanes, registers and shared memory, above one global memory",
        "GPU：若干个多处理器，各有计算通道、寄存器和共享内存，下面是公用的全局内存",
    )
    board = Board(560, 460, title)
    board.text(8, 24, Text("GPU chip", "GPU 芯片"), anchor="start", style="bold", size=16)
    names = [Text("multiprocessor 0", "多处理器 0"), Text("multiprocessor 1", "多处理器 1")]
    for i, name in enumerate(names):
        _multiprocessor(board, 8 + 178 * i, name)
    board.box(366, SM_TOP, 186, SM_HEIGHT, Text("… dozens more,\nall alike", "……还有几十个，\n完全相同"), kind="ghost")
    for x in (90, 268, 459):
        board.arrow(x, 292, x, 322)
    board.box(8, 324, 544, 38, Text("cache (L2)", "缓存（L2）"), kind="plain")
    board.arrow(280, 362, 280, 392)
    board.box(8, 394, 544, 56, Text("global memory: large, beside the chip,\nvisible to all threads",
                                    "全局内存：容量大，在芯片旁边，\n所有线程都能访问"), kind="purple")  # fmt: skip
    return board
