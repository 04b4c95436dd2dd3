"""A matmul cut into tensor blocks: what one iteration of the outer block reads and writes, taken from the IR."""

from tvm.s_tir import Schedule

from mlc_ref.checks.index_math import evaluate
from mlc_ref.language import Text
from mlc_ref.tensorization.programs.matmul import matmul
from mlc_ref.tensorization.schedules import toy
from mlc_ref.viz.board import Board

ROWS, COLUMNS, DEPTH, CELL = 8, 12, 16, 15
ITERATION = (1, 2, 1)
LEFT, TOP, GAP = 20, 40, 34


def _touched(region, axes) -> list[tuple[int, int]]:
    """The elements of a two-dimensional region, the axes bound to ``ITERATION``."""
    bindings = {axis.var: value for axis, value in zip(axes, ITERATION, strict=True)}
    first = [int(evaluate(part.min, bindings)) for part in region.region]
    rows, columns = (range(low, low + int(part.extent)) for low, part in zip(first, region.region, strict=True))
    return [(i, j) for i in rows for j in columns]


def draw() -> Board:
    sch = Schedule(matmul(ROWS, COLUMNS, DEPTH))
    block = sch.get(toy.blockize(sch))
    io, jo, po = ITERATION
    title = Text(
        f"Iteration ({io}, {jo}, {po}) of the outer block reads one tile of A and one of B and updates one tile of C.",
        f"外层块的迭代 ({io}, {jo}, {po}) 读 A 的一个分块和 B 的一个分块，更新 C 的一个分块。",
    )
    board = Board(560, 450, title)
    right, low = LEFT + DEPTH * CELL + GAP, TOP + DEPTH * CELL + GAP
    a, b = block.reads
    for place, region, shape, kind in (
        ((LEFT, low), a, (ROWS, DEPTH), "blue"),
        ((right, TOP), b, (DEPTH, COLUMNS), "orange"),
        ((right, low), block.writes[0], (ROWS, COLUMNS), "green"),
    ):
        marks = dict.fromkeys(_touched(region, block.iter_vars), kind)
        board.grid(*place, *shape, CELL, marks=marks)
    board.text(LEFT, low - 10, f"A  {ROWS} × {DEPTH}", anchor="start", style="mono blue-text")
    board.text(right, TOP - 12, f"B  {DEPTH} × {COLUMNS}", anchor="start", style="mono orange-text")
    board.text(right, low - 10, f"C  {ROWS} × {COLUMNS}", anchor="start", style="mono green-text")
    board.text(LEFT, TOP + 12, Text("one iteration:", "一次迭代："), anchor="start", style="bold")
    names = [str(axis.var.name) for axis in block.iter_vars]
    lines = [f"{name} = {value}" for name, value in zip(names, ITERATION, strict=True)]
    board.code(LEFT, TOP + 40, lines)
    board.text(
        LEFT, TOP + 120, Text("C tile += A tile @ B tile", "C 的分块 += A 的分块 @ B 的分块"), anchor="start", size=15
    )
    loops = [sch.get(loop) for loop in sch.get_loops("matmul_o")]
    extents = [int(loop.extent) for loop in loops]
    count = extents[0] * extents[1] * extents[2]
    board.text(
        LEFT, TOP + 150, Text(f"{' × '.join(map(str, extents))} = {count} iterations in all",
        f"共 {' × '.join(map(str, extents))} = {count} 次迭代"), anchor="start", size=14, style="soft",
    )  # fmt: skip
    return board
