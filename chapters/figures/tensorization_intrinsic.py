"""Description and implementation of one instruction, side by side: what must agree and what is exchanged."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

LEFT, WIDTH, LINE = 10, 540, 20
SIGNATURE = ["A, B, C: (4, 4) float32, offset_factor=1"]
REGIONS = ["T.reads(C[0:4, 0:4], A[0:4, 0:4], B[0:4, 0:4])", "T.writes(C[0:4, 0:4])"]
BODY = [
    "for i, j, p in T.grid(4, 4, 4):",
    '    with T.sblock("mac"):',
    '        vi, vj, vp = T.axis.remap("SSR", [i, j, p])',
    "        C[vi, vj] = C[vi, vj] + A[vi, vp] * B[vp, vj]",
]
CALL = ['T.call_extern("int32", "toy_mac",', '    C.access_ptr("rw"), A.access_ptr("r"), …, sc, sa, sb)']


def _part(board: Board, y: float, kind: str, lines: list[str], note: Text) -> float:
    height = 34 + LINE * len(lines)
    board.box(LEFT, y, WIDTH, height, kind=kind)
    board.text(LEFT + WIDTH - 10, y + 20, note, anchor="end", size=14, style=f"{kind}-text")
    board.code(LEFT + 10, y + 42, lines)
    return y + height + 6


def draw() -> Board:
    title = Text(
        "A description and an implementation have the same signature and the same regions; the description's body is "
        "compared with the program, the implementation's body takes its place.",
        "描述与实现的参数和读写区域相同；描述的主体用来与程序比对，实现的主体用来取而代之。",
    )
    board = Board(560, 584, title)
    same = Text("the same in both", "两边相同")
    strided = Text("the same, and strides", "相同，另有步幅")
    board.text(LEFT, 24, Text("description: what it computes", "描述：计算什么"), anchor="start", style="bold")
    y = _part(board, 36, "blue", SIGNATURE, same)
    y = _part(board, y, "blue", REGIONS, same)
    y = _part(board, y, "purple", BODY, Text("compared with the block", "与程序中的块比对"))
    board.text(LEFT, y + 22, Text("implementation: how it is called", "实现：怎样调用"), anchor="start", style="bold")
    y = _part(board, y + 34, "blue", [*SIGNATURE, "strides=[sa, 1], [sb, 1], [sc, 1]"], strided)
    y = _part(board, y, "blue", REGIONS, same)
    _part(board, y, "orange", CALL, Text("put in its place", "取而代之"))
    return board
