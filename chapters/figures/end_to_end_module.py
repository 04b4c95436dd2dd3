"""One module with a graph and a tensor program, and the library it calls by name; read from the module."""

from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.programs import LibraryMLP
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

GRAPH = Text("graph main: R.function", "计算图 main：R.function")
PROGRAM = Text("tensor program: T.prim_func", "张量程序：T.prim_func")
LIBRARY = Text("library: functions registered by name", "库：按名字注册的函数")


def draw() -> Board:
    title = Text(
        "The module holds the graph main and the tensor program relu; main calls relu inside the module and "
        "mlc_ref.linear outside of it",
        "模块中有计算图 main 和张量程序 relu；main 调用模块内的 relu，也调用模块外的 mlc_ref.linear",
    )
    names = callees(LibraryMLP)
    inside = [variable.name_hint for variable in LibraryMLP.get_global_vars() if variable.name_hint != "main"]
    outside = sorted(set(names) - set(inside))
    board = Board(540, 410, title)
    board.text(10, 22, Text("IRModule: compiled together", "IRModule：一起编译"), anchor="start", style="bold")
    board.box(10, 34, 520, 240, kind="plain")
    board.box(24, 48, 250, 212, kind="blue")
    board.text(38, 72, GRAPH, size=14, anchor="start", style="bold")
    for number, name in enumerate(names):
        y = 86 + 56 * number
        kind = "purple" if name in inside else "orange"
        board.box(38, y, 222, 42, kind=kind)
        call = "call_tir" if name in inside else "call_dps_packed"
        board.text(149, y + 26, f"R.{call}", size=14, style="mono")
    for number, name in enumerate(inside):
        y = 136 + 60 * number
        board.box(320, y, 196, 52, kind="purple")
        board.text(418, y + 32, name, size=14, style="mono")
        board.text(418, y - 10, PROGRAM, size=14, style="soft")
    for number, name in enumerate(outside):
        board.box(160, 330 + 56 * number, 220, 44, name, kind="orange", size=14, style="mono")
    board.text(160, 394, LIBRARY, size=14, anchor="start", style="soft")
    _arrows(board, names, inside)
    return board


def _arrows(board: Board, names: list[str], inside: list[str]) -> None:
    """From each call to what it calls: inside the module to the right, outside of it down."""
    for number, name in enumerate(names):
        y = 86 + 56 * number + 21
        if name in inside:
            board.arrow(262, y, 318, y)
        else:
            x = 292 + 12 * number
            board.line((262, y), (x, y), (x, 300))
            board.arrow(x, 300, x, 328)
