"""The data path of a Tensor Core tile: memories, and the instruction that moves data from one to the next."""

from mlc_ref.language import Text
from mlc_ref.tensorization.schedules.tensor_core import TILE, WarpTiling
from mlc_ref.viz.board import Board

ROW, BOX = 122, 52


def draw() -> Board:
    rows, columns, depth = WarpTiling().block
    title = Text(
        "Operands go from global memory over shared memory to fragments; the matrix instruction adds their product to "
        "an accumulator fragment, which is stored to global memory at the end.",
        "操作数从全局内存经共享内存进入片段；矩阵指令把乘积累加到累加器片段，最后写回全局内存。",
    )
    board = Board(560, 600, title)
    held = Text(f"fragment, {TILE} × {TILE}\nheld by a warp", f"片段，{TILE} × {TILE}\n由一个线程束持有")
    total = Text(
        f"accumulator, {TILE} × {TILE} float32\nheld by a warp", f"累加器，{TILE} × {TILE} float32\n由一个线程束持有"
    )
    levels = [
        ("global", Text("A in global memory\nfloat16", "全局内存中的 A\nfloat16"),
         Text("B in global memory\nfloat16", "全局内存中的 B\nfloat16"), "plain"),
        ("shared", Text(f"tile of A, {rows} × {depth}\nfor the whole block", f"A 的分块，{rows} × {depth}\n整个线程块共用"),
         Text(f"tile of B, {depth} × {columns}\nfor the whole block", f"B 的分块，{depth} × {columns}\n整个线程块共用"), "blue"),
        ("wmma.matrix_a, wmma.matrix_b", held,
         held, "purple"),
    ]  # fmt: skip
    moves = [
        Text("all threads copy, 16 bytes each", "所有线程一起搬，每次 16 字节"),
        Text("load_matrix_sync, a whole warp", "load_matrix_sync，整个线程束"),
        Text("mma_sync, a whole warp", "mma_sync，整个线程束"),
    ]
    for n, (scope, left, right, kind) in enumerate(levels):
        y = 34 + n * ROW
        board.text(280, y - 10, scope, style="mono soft", size=14)
        board.box(30, y, 210, BOX, left, kind=kind)
        board.box(320, y, 210, BOX, right, kind=kind)
        lean = 60 if n == 2 else 0
        board.arrow(80, y + BOX + 4, 80 + lean, y + ROW - 8 + lean / 10)
        board.arrow(480, y + BOX + 4, 480 - lean, y + ROW - 8 + lean / 10)
        board.text(280, y + BOX + 32, moves[n], size=14)
    y = 34 + 3 * ROW + 6
    board.box(
        130,
        y,
        300,
        BOX,
        total,
        kind="green",
    )
    board.text(30, y + 20, "wmma.", style="mono soft", size=14, anchor="start")
    board.text(30, y + 40, "accumulator", style="mono soft", size=14, anchor="start")
    board.arrow(280, y + BOX + 4, 280, y + ROW - 4)
    board.text(
        292, y + BOX + 38, Text("store_matrix_sync, at the end", "store_matrix_sync，最后一次"), size=14, anchor="start"
    )
    board.box(130, y + ROW, 300, BOX, Text("C in global memory\nfloat32", "全局内存中的 C\nfloat32"), kind="plain")
    return board
