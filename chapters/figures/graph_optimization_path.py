"""The digits model on its way from graph to fused tensor programs, with its counts at every stage."""

from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.frameworks.builder import mlp_with_operators
from mlc_ref.graph_optimization import passes
from mlc_ref.graph_optimization.traffic import Intermediates, intermediates
from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

STAGES: list[tuple[Text, Text, Kind]] = [
    (Text("as given", "原始模型"), Text("operators", "算子"), "blue"),
    (Text("constants folded", "折叠常量"), Text("operators", "算子"), "blue"),
    (Text("grouped", "成组"), Text("calls of groups", "对组的调用"), "purple"),
    (Text("lowered", "下降（lowering）"), Text("separate loop nests", "循环嵌套各自分开"), "orange"),
    (Text("loops merged", "合并循环"), Text("one loop nest a program", "每个程序一个循环嵌套"), "green"),
]
BOX, STEP = 62, 92


def draw() -> Board:
    title = Text(
        "Five stages of the digits model; bytes between calls fall first, then the bytes inside of programs",
        "手写数字模型的五个阶段；先减少调用之间的字节，再减少程序内部的字节",
    )
    model = bind_weights(mlp_with_operators(4), load_weights("mlp"))
    road = [passes.FoldConstants, passes.FuseLinear, passes.LowerGroups, passes.MergeLoops]
    counts = [intermediates(mod) for _, mod in passes.stages(model, *road)]
    board = Board(540, 50 + STEP * len(STAGES) - 20, title)
    for x, label in ((320, Text("calls", "调用")), (410, Text("between", "之间")), (500, Text("inside", "内部"))):
        board.text(x, 22, label, size=14, style="soft")
    for number, ((name, what, kind), count) in enumerate(zip(STAGES, counts, strict=True)):
        y = 36 + STEP * number
        board.box(10, y, 260, BOX, kind=kind)
        board.text(140, y + 26, name, style="bold")
        board.text(140, y + 48, what, size=14)
        _counts(board, y + 36, count)
        if number < len(STAGES) - 1:
            board.arrow(140, y + BOX + 3, 140, y + STEP - 3)
    return board


def _counts(board: Board, y: float, count: Intermediates) -> None:
    board.text(320, y, str(count.calls), style="mono")
    board.text(410, y, f"{count.between} B", style="mono")
    board.text(500, y, f"{count.inside} B", style="mono")
