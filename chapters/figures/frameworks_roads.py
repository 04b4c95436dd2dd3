"""Two roads from PyTorch to a Relax module, and the common road from there on."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

OPERATORS = Text("Relax module: operators, weights as inputs", "Relax 模块：算子，权重作为输入")
PROGRAMS = Text("Relax module: call_tir, tensor programs", "Relax 模块：call_tir 与张量程序")
TITLE = Text(
    "torch.export makes a graph of ATen operators; import_program and TVM's from_exported_program make a Relax "
    "module of it; legalization and compilation are common to both",
    "torch.export 得到由 ATen 算子组成的图；import_program 与 TVM 的 from_exported_program 都把它变成 Relax 模块；"
    "之后的合法化与编译是共同的",
)


def draw() -> Board:
    board = Board(540, 560, TITLE)
    board.box(140, 10, 260, 44, Text("PyTorch network: Python code", "PyTorch 网络：Python 代码"), kind="orange")
    _step(board, 270, 56, "torch.export.export")
    board.box(140, 110, 260, 44, Text("exported program: ATen graph", "导出的程序：ATen 图"), kind="orange")
    board.arrow(200, 156, 130, 196)
    board.arrow(340, 156, 410, 196)
    board.box(10, 200, 240, 96, kind="ghost")
    board.text(130, 222, "import_program", style="mono bold")
    board.text(
        130, 248, Text("this chapter's: one table,\none operator at a time", "本章的：一张表，\n逐个算子翻译"), size=14
    )
    board.box(290, 200, 240, 96, kind="ghost")
    board.text(410, 222, "from_exported_program", style="mono bold", size=14)
    board.text(
        410, 248, Text("TVM's: core operators first,\na large table", "TVM 的：先化为核心算子，\n一张大表"), size=14
    )
    board.arrow(130, 298, 200, 336)
    board.arrow(410, 298, 340, 336)
    board.box(90, 340, 360, 44, OPERATORS, kind="blue")
    _step(board, 270, 386, "LegalizeOps")
    board.box(90, 440, 360, 44, PROGRAMS, kind="purple")
    _step(board, 270, 486, "tvm.compile")
    board.text(270, 554, Text("executable", "可执行对象"), style="bold")
    return board


def _step(board: Board, x: float, y: float, name: str) -> None:
    """An arrow down with the name of what happens on it."""
    board.arrow(x, y, x, y + 50)
    board.text(x + 12, y + 32, name, size=14, anchor="start", style="mono soft")
