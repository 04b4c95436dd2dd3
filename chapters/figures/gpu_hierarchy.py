"""A grid of blocks, a block of threads, and the warps in which they run."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

_WARPS: tuple[Kind, ...] = ("green", "orange")


def draw() -> Board:
    title = Text(
        "A grid of 2 by 4 blocks; one block of 4 by 16 threads; its two warps of 32 threads in two colours",
        "2 × 4 个线程块的网格；其中一个线程块有 4 × 16 个线程；两个各 32 线程的线程束用两种颜色表示",
    )
    board = Board(560, 392, title)
    board.text(
        8, 24, Text("grid: the blocks of one kernel", "网格：一个内核的所有线程块"), anchor="start", style="bold"
    )
    for y in range(2):
        for x in range(4):
            kind: Kind = "blue" if (y, x) == (1, 2) else "plain"
            board.box(8 + 136 * x, 36 + 46 * y, 128, 40, f"block ({x}, {y})", kind=kind, size=14, style="mono")
    board.line((280, 122), (8, 166), dashed=True)
    board.line((408, 122), (552, 166), dashed=True)
    board.box(8, 166, 544, 178, kind="blue")
    board.text(20, 190, Text("block: threads that share memory and can wait for each other",
                             "线程块：线程共用共享内存，可以相互等待"), anchor="start", style="bold", size=14)  # fmt: skip
    for y in range(4):
        for x in range(16):
            board.box(20 + 33 * x, 202 + 34 * y, 30, 30, str(y * 16 + x), kind=_WARPS[y // 2], size=14, radius=3)
    board.text(8, 368, Text("numbers: threadIdx.y × 16 + threadIdx.x", "数字：threadIdx.y × 16 + threadIdx.x"),
               anchor="start", style="soft", size=14)  # fmt: skip
    board.text(8, 386, Text("colours: warps, 32 threads scheduled as one", "颜色：线程束，作为整体调度的 32 个线程"),
               anchor="start", style="soft", size=14)  # fmt: skip
    return board
