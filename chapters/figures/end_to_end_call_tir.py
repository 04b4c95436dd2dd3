"""call_tir beside what it means in NumPy: allocate, call, return."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

CALL = ["R.call_tir(", "  relu0,", "  (hidden,),", '  out_ty=R.Tensor((4, 32), "float32"))']
NUMPY: list[tuple[Kind, str, Text]] = [
    ("orange", 'out = np.empty((4, 32), "float32")', Text("allocate the result", "分配结果")),
    ("purple", "relu0(hidden, out)", Text("call; the result goes last", "调用，结果放在最后")),
    ("green", "active = out", Text("from now on a value", "从此成为一个值")),
]


def draw() -> Board:
    title = Text(
        "R.call_tir of relu0 on hidden means three steps in NumPy: allocate out, call relu0 with hidden and out, "
        "and use out as the value",
        "对 hidden 做 R.call_tir(relu0) 相当于 NumPy 中的三步：分配 out，以 hidden 和 out 调用 relu0，把 out 当作值使用",
    )
    board = Board(470, 390, title)
    board.text(10, 22, Text("in the graph: one pure function", "计算图中：一个纯函数"), anchor="start", style="bold")
    board.box(10, 34, 450, 96, kind="blue")
    board.code(24, 58, ["active = " + CALL[0] + CALL[1].strip() + " " + CALL[2].strip(), "  " + CALL[3]])
    board.text(24, 116, Text("takes a value, gives a value", "接收值，给出值"), size=14, anchor="start", style="soft")
    board.arrow(60, 134, 60, 168)
    board.text(74, 156, Text("means", "含义"), size=14, anchor="start", style="soft")
    board.text(10, 192, Text("in destination passing: three steps", "目标传递：三步"), anchor="start", style="bold")
    for number, (kind, code, what) in enumerate(NUMPY):
        y = 204 + 60 * number
        board.box(10, y, 450, 52, kind=kind)
        board.code(24, y + 21, [code])
        board.text(24, y + 43, what, size=14, anchor="start", style="soft")
    return board
