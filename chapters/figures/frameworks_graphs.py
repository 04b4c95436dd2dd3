"""The traced graph of the digits network beside the Relax bindings that its nodes became; both are read, not drawn by hand."""

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.end_to_end.train import trained_network
from mlc_ref.frameworks.importer import import_program
from mlc_ref.frameworks.networks import export_network
from mlc_ref.frameworks.unsupported import operator_name
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

TITLE = Text(
    "Five nodes of the traced graph on the left; each leads to one to three Relax bindings on the right",
    "左边是所跟踪的图的五个节点，每个都通向右边的一至三个 Relax 绑定",
)
ROW, TOP = 46, 40


def draw() -> Board:
    program = export_network(trained_network("cnn"), (2, 1, 8, 8), symbolic_batch=True)
    module = import_program(program).module
    nodes = [node for node in program.graph.nodes if node.op == "call_function"]
    groups = _groups([node.name for node in nodes], module)
    board = Board(540, TOP + ROW * sum(map(len, groups)) + 10, TITLE)
    board.text(115, 22, Text("traced graph: ATen", "跟踪得到的图：ATen"), style="bold")
    board.text(415, 22, Text("Relax module", "Relax 模块"), style="bold")
    row, above = 0, 0.0
    for number, (node, group) in enumerate(zip(nodes, groups, strict=True)):
        top, height = TOP + ROW * row, ROW * len(group)
        middle = top + height / 2
        board.box(10, middle - 17, 210, 34, operator_name(node)[5:], kind="orange", size=14, style="mono")
        if number:
            board.arrow(115, above, 115, middle - 19)
        above = middle + 19
        for name in group:
            y = TOP + ROW * row
            board.box(310, y + 6, 210, 34, name, kind="blue", size=14, style="mono")
            board.arrow(222, middle, 308, y + 23, dashed=True)
            row += 1
            if row < sum(map(len, groups)):
                board.arrow(415, y + 42, 415, y + ROW + 4)
    return board


def _groups(names: list[str], module) -> list[list[str]]:
    """Operators of the bindings each node became: the last binding of a node bears its name."""
    groups: list[list[str]] = [[]]
    for block in module["main"].body.blocks:
        for binding in block.bindings:
            if not callee_name(binding.value):
                continue
            groups[-1].append(callee_name(binding.value).removeprefix("relax."))
            if binding.var.name == names[len(groups) - 1] and len(groups) < len(names):
                groups.append([])
    return groups
