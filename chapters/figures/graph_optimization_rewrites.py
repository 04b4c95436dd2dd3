"""Each rewrite of the chapter: the calls of an example graph before and after, read from the modules."""

from collections.abc import Callable

import tvm

from mlc_ref.end_to_end.graph import callees
from mlc_ref.graph_optimization import programs
from mlc_ref.graph_optimization.common_subexpressions import eliminate_common_subexpressions
from mlc_ref.graph_optimization.constant_folding import fold_constants
from mlc_ref.graph_optimization.dead_code import eliminate_dead_code
from mlc_ref.graph_optimization.multiply_add import rewrite_multiply_add
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

REWRITES: list[tuple[Text, tvm.IRModule, Callable[[tvm.IRModule], tvm.IRModule]]] = [
    (Text("multiply-add", "乘加"), programs.MultiplyAdd, rewrite_multiply_add),
    (Text("groups", "成组"), programs.Linear, fuse_linear),
    (Text("groups, product read twice: refused", "成组，乘积被读取两次：拒绝"), programs.SharedProduct, fuse_linear),
    (Text("dead code", "死代码消除"), programs.Unused, eliminate_dead_code),
    (Text("constants", "常量折叠"), programs.ConstantBranch, fold_constants),
    (Text("common subexpressions", "公共子表达式"), programs.Repeated, eliminate_common_subexpressions),
]
LINE = 20


def draw() -> Board:
    title = Text(
        "Six rewrites, the calls of a graph before on the left and after on the right",
        "六种改写：左边是改写前图中的调用，右边是改写后",
    )
    rows = [(name, _short(mod), _short(rewrite(mod))) for name, mod, rewrite in REWRITES]
    height = sum(56 + LINE * len(before) for _, before, _ in rows)
    board = Board(480, height + 6, title)
    y = 10
    for name, before, after in rows:
        tall = 14 + LINE * len(before)
        board.text(10, y + 14, name, anchor="start", style="bold")
        board.box(10, y + 24, 200, tall, kind="plain")
        board.code(22, y + 43, before, size=14)
        board.arrow(216, y + 24 + tall / 2, 254, y + 24 + tall / 2)
        board.box(260, y + 24, 210, tall, kind="orange" if before == after else "green")
        board.code(272, y + 43, after, size=14)
        y += 42 + tall
    return board


def _short(mod: tvm.IRModule) -> list[str]:
    return [name.removeprefix("relax.") for name in callees(mod)]
