"""Pictures of a graph and of its memory plan, drawn from the module itself, so that they cannot go stale."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlc_ref.end_to_end.lifetimes import Lifetime, lifetimes, steps
from mlc_ref.kinds import invalid, takes
from mlc_ref.language import Text
from mlc_ref.viz.board import MAX_WIDTH, Board, Kind
from mlc_ref.viz.calls import CallKind, call_kind, callee_name, operands, typed

if TYPE_CHECKING:
    import tvm
    from tvm import relax

_ROW, _BOX, _LEFT, _MIDDLE = 92, 40, 290, 370
_LANE = 490
_COLOURS: dict[CallKind, Kind] = {
    "program": "purple", "library": "orange", "operator": "blue", "effect": "red", "function": "plain",
}  # fmt: skip


@dataclass
class _Step:
    """One call of a graph: what it is, what it takes from outside, and from which earlier steps."""

    name: str
    kind: Kind
    result: str
    outside: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    region: int = -1


@takes("IRModule")
def draw_graph(mod: "tvm.IRModule", title: Text, entry: str = "main") -> Board:
    """The calls of a Relax function from top to bottom, an arrow for each value between them.

    Purple boxes are tensor programs, orange ones library functions, blue ones operators, red ones calls
    with side effects. What stands on the left comes from outside: parameters and constants. A dashed
    frame is a dataflow block. The first parameter enters at the top.

    Args:
        title: what the picture shows, for readers who do not see it.

    Raises:
        ValueError: the function calls nothing.
    """
    function = mod[entry]
    found = _steps(function)
    _require_calls(found, entry)
    lanes = sum(source < number - 1 for number, step in enumerate(found) for source in step.sources)
    board = Board(_LANE + 20 * lanes, 70 + _ROW * len(found), title)
    _draw_regions(board, found)
    for first in function.params[:1]:
        board.text(_MIDDLE, 16, typed(first), size=14, style="mono")
    lane = 0
    for number, step in enumerate(found):
        y = 60 + _ROW * number
        board.box(_LEFT, y, 2 * (_MIDDLE - _LEFT), _BOX, step.name, kind=step.kind, size=14, style="mono")
        if step.outside:
            top = y + _BOX / 2 - 9 * len(step.outside) + 14
            board.text(14, top, "\n".join(step.outside), size=14, anchor="start", style="mono soft")
            board.arrow(_LEFT - 100, y + _BOX / 2, _LEFT - 2, y + _BOX / 2)
        for source in step.sources:
            start = 22 if source < 0 else 60 + _ROW * source + _BOX + 2
            if source == number - 1:
                board.arrow(_MIDDLE, start, _MIDDLE, y - 2)
            else:
                _draw_lane(board, start, y, _LANE + 20 * lane, from_input=source < 0)
                lane += 1
        if step.result:
            board.text(_MIDDLE - 10, y + _BOX + 26, step.result, size=14, anchor="end", style="mono")
    if found[-1].result:
        bottom = 60 + _ROW * (len(found) - 1) + _BOX
        board.arrow(_MIDDLE, bottom + 2, _MIDDLE, bottom + 42)
    return board


def _draw_lane(board: Board, start: float, y: float, x: float, *, from_input: bool) -> None:
    """An arrow around the boxes in between, on the right."""
    begin = (_MIDDLE, start) if from_input else (2 * _MIDDLE - _LEFT, start - _BOX / 2 - 2)
    board.line(begin, (x, begin[1]), (x, y + _BOX / 2))
    board.arrow(x, y + _BOX / 2, 2 * _MIDDLE - _LEFT + 2, y + _BOX / 2)


def _draw_regions(board: Board, found: list[_Step]) -> None:
    for region in sorted({step.region for step in found if step.region >= 0}):
        rows = [number for number, step in enumerate(found) if step.region == region]
        top = 60 + _ROW * rows[0] - 14
        board.box(_LEFT - 104, top, 2 * (_MIDDLE - _LEFT) + 128, _ROW * (len(rows) - 1) + _BOX + 50, kind="ghost")


def _steps(function: "relax.Function") -> list[_Step]:
    from tvm import relax

    made: dict[relax.Var, int] = dict.fromkeys(function.params[:1], -1)
    found: list[_Step] = []
    for number, block in enumerate(function.body.blocks):
        region = number if isinstance(block, relax.DataflowBlock) else -1
        for binding in block.bindings:
            if not callee_name(binding.value):
                if binding.value in made:
                    made[binding.var] = made[binding.value]
                continue
            kind = _COLOURS[call_kind(binding.value)]
            step = _Step(callee_name(binding.value), kind, _result(binding.var), region=region)
            arguments = operands(binding.value)
            step.sources = sorted({made[argument] for argument in arguments if argument in made})
            step.outside = [typed(argument) for argument in arguments if argument not in made]
            made[binding.var] = len(found)
            found.append(step)
    return found


def _result(var: "relax.Var") -> str:
    return typed(var) if getattr(var.ty, "shape", None) is not None else ""


_COLUMN, _NAMES, _BAR = 74, 96, 30
_NARROW = 24  # of a column that holds a number in place of a name


@takes("IRModule")
def draw_memory(mod: "tvm.IRModule", title: Text, entry: str = "main") -> Board:
    """Which tensor lies in which memory during which step, before and after planning.

    Where the names of many steps do not fit side by side, the steps are numbered from 1.

    Args:
        title: what the picture shows, for readers who do not see it.

    Raises:
        ValueError: no step, more than fit on a board, or a symbolic shape.
    """
    names, values = steps(mod, entry), lifetimes(mod, entry)
    _require_calls(names, entry)
    most = (MAX_WIDTH - _NAMES - 10) // _NARROW
    if len(names) > most:
        raise invalid(
            f"mod: got {len(names)} calls, at most {most} fit on a board; memory_plan(mod) has the numbers",
            f"mod：得到 {len(names)} 个调用，一张图最多放得下 {most} 个；数值可以从 memory_plan(mod) 得到",
        )
    column = min(_COLUMN, (MAX_WIDTH - _NAMES - 10) // len(names))
    names = names if column == _COLUMN else [str(number + 1) for number in range(len(names))]
    storages = sorted({value.storage for value in values if value.storage is not None})
    results = [value for value in values if value.storage is None]
    shared = [[value for value in values if value.storage == storage] for storage in storages]
    before, after = [[value] for value in values], [*shared, *([value] for value in results)]
    first = 74 + _BAR * len(before)
    board = Board(_NAMES + column * len(names) + 10, first + 74 + _BAR * len(after), title)
    own, planned = (
        Text("each tensor has memory of its own", "每个张量各有自己的内存"),
        Text("after planning", "规划之后"),
    )
    _draw_rows(board, 0, own, names, before, column)
    _draw_rows(board, first + 10, planned, names, after, column)
    return board


def _require_calls(calls: Sequence[object], entry: str) -> None:
    if not calls:
        raise invalid(
            f"mod: got a function {entry!r} that calls nothing; a picture needs at least one call",
            f"mod：函数 {entry!r} 中没有调用；画图至少需要一个调用",
        )


def _draw_rows(board: Board, top: float, what: Text, names: list[str], rows: list[list[Lifetime]], column: int) -> None:
    sizes = [max(value.bytes for value in row) for row in rows]
    total = Text(f"{what.en}: {sum(sizes)} bytes", f"{what.zh}：{sum(sizes)} 字节")
    board.text(10, top + 20, total, size=15, anchor="start", style="bold")
    for number, name in enumerate(names):
        board.text(_NAMES + column * (number + 0.5), top + 46, name, size=14, style="mono soft")
    for row, (values, size) in enumerate(zip(rows, sizes, strict=True)):
        y = top + 54 + _BAR * row
        board.text(10, y + 20, Text(f"{size} bytes", f"{size} 字节"), size=14, anchor="start", style="soft")
        for value in values:
            last = len(names) - 1 if value.storage is None else value.last
            x, width = _NAMES + column * value.made, column * (last - value.made + 1)
            kind: Kind = "green" if value.storage is None else ("blue", "purple", "orange")[value.storage % 3]
            board.box(x + 2, y + 2, width - 4, _BAR - 4, value.name, kind=kind, size=14, style="mono")
