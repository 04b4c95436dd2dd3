"""Which elements of global memory the threads of a block fetch, and which each reads in shared memory."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

CELL, THREADS, WINDOW = 42, 8, 3


def draw() -> Board:
    title = Text(
        "Eight threads fetch ten elements into shared memory, two of them twice; then each reads three neighbours there",
        "八个线程把十个元素取到共享内存，其中两个线程取两次；然后每个线程在那里读三个相邻元素",
    )
    board = Board(560, 330, title)
    board.text(
        8,
        22,
        Text("global memory: what one block needs", "全局内存：一个线程块需要的部分"),
        anchor="start",
        style="bold",
    )
    board.text(8, 142, Text("shared memory: number of the thread that fetched it", "共享内存：数字是取来它的线程"),
               anchor="start", style="bold")  # fmt: skip
    for i in range(THREADS + WINDOW - 1):
        x = 20 + i * 48
        second = i >= THREADS
        board.box(x, 34, CELL, 34, f"A[{i}]", kind="purple", size=14, style="mono", radius=3)
        board.arrow(x + CELL / 2, 70, x + CELL / 2, 118, dashed=second)
        board.box(x, 154, CELL, 34, str(i % THREADS), kind="orange" if second else "blue", radius=3)
    board.text(412, 278, Text("dashed: second step", "虚线：第二步"), anchor="start", style="soft", size=14)
    for offset in range(WINDOW):
        board.arrow(20 + (2 + offset) * 48 + CELL / 2, 190, 20 + 2 * 48 + CELL / 2, 254)
    for thread in range(THREADS):
        board.box(20 + thread * 48, 256, CELL, 34, str(thread), kind="green" if thread == 2 else "plain", radius=3)
    board.text(8, 318, Text("threads, after the barrier: thread 2 sums its window", "屏障之后的线程：线程 2 对自己的窗口求和"),
               anchor="start", style="bold")  # fmt: skip
    return board
