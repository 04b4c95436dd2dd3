"""A space as a tree of decisions; the lengths at its leaves are read from replayed schedules."""

from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.decisions import with_values
from mlc_ref.language import Text
from mlc_ref.schedules.programs import matmul
from mlc_ref.viz.board import Board

CUTS, UNROLLS = [(1, 4), (2, 2), (4, 1)], [1, 2]


def tiny_space(sch: Schedule) -> None:
    """Two ways to choose: how to cut the rows, and how many steps of the reduction to unroll."""
    i, j, k = sch.get_loops("C")
    i0, i1 = sch.split(i, sch.sample_perfect_tile(i, n=2, max_innermost_factor=4))
    k0, k1 = sch.split(k, [None, sch.sample_categorical(UNROLLS, [0.5, 0.5])])
    sch.reorder(i0, j, k0, k1, i1)
    sch.unroll(k1)


def _leaf(cut: tuple[int, int], position: int) -> list[str]:
    mod = matmul(4, 8, 6)
    sch = Schedule(mod)
    tiny_space(sch)
    point = with_values(mod, sch, [cut, position])
    lengths = [int(point.get(loop).extent) for loop in point.get_loops("C")]
    return [f"{name:2} {length}" for name, length in zip(("i0", "j", "k0", "k1", "i1"), lengths, strict=True)]


def draw() -> Board:
    title = Text(
        "Three ways to cut a loop of 4, times two unroll factors, give six programs",
        "长度为 4 的循环有三种切法，乘以两种展开因子，得到六个程序",
    )
    board = Board(560, 362, title)
    root = Text("recipe: i has length 4, k has length 6", "配方：i 的长度为 4，k 的长度为 6")
    board.box(120, 10, 320, 36, root, kind="purple", size=14)
    for branch, cut in enumerate(CUTS):
        x = 97 + 183 * branch
        board.line((280, 46), (x, 96))
        board.box(x - 62, 96, 124, 36, f"i = {cut[0]} · {cut[1]}", kind="blue", style="mono", size=14)
        for position, unroll in enumerate(UNROLLS):
            leaf = x - 45 + 90 * position
            board.line((x, 132), (leaf, 172))
            board.box(leaf - 40, 172, 80, 32, f"k1 = {unroll}", kind="orange", style="mono", size=14)
            board.arrow(leaf, 204, leaf, 228)
            board.box(leaf - 34, 228, 68, 118, "\n".join(_leaf(cut, position)), kind="green", style="mono", size=14)
    return board
