"""The digits perceptron before and after tuning on the simulated CPU: same graph, other functions."""

from functools import cache

import tvm
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.records import apply_records, record_of
from mlc_ref.auto_tuning.search import best, random_search
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.workloads import model_workload
from mlc_ref.language import Text
from mlc_ref.targets import CpuFeatures
from mlc_ref.viz.board import Board

CALLS = ("transpose", "fused_matmul_add_relu", "transpose1", "fused_matmul1_add1")
TUNED = {"fused_matmul_add_relu": "matmul", "fused_matmul1_add1": "matmul"}
JUDGE = SimulatedCpu(threads=2)


def _alone(func: tvm.tirx.PrimFunc) -> tvm.IRModule:
    return tvm.IRModule({"main": func.with_attr("global_symbol", "main")})


def rows_space(sch: Schedule) -> None:
    """Rows in parallel tasks, columns in vectors, the reduction outside of both."""
    i, j, k = sch.get_loops("matmul")
    i0, i1 = sch.split(i, sch.sample_perfect_tile(i, n=2, max_innermost_factor=8))
    j0, j1 = sch.split(j, sch.sample_perfect_tile(j, n=2, max_innermost_factor=16))
    sch.reorder(i0, j0, k, i1, j1)
    sch.parallel(i0)
    sch.unroll(i1)
    sch.vectorize(j1)


@cache
def _modules() -> tuple[tvm.IRModule, tvm.IRModule]:
    before, found = model_workload("mlp", 64), []
    for name in TUNED:
        alone = _alone(before[name])
        winner = best(random_search(alone, rows_space, JUDGE, 24))
        found.append(record_of(name, before[name], winner.schedule, winner.cost, CpuFeatures()))
    return before, apply_records(before, found, CpuFeatures())[0]


def draw() -> Board:
    title = Text(
        "Four functions called one after the other, before and after; two of them have become much shorter",
        "依次调用的四个函数，前后对照；其中两个变短了许多",
    )
    board = Board(560, 428, title)
    before, after = ({name: JUDGE(Schedule(_alone(mod[name]))) for name in CALLS} for mod in _modules())
    longest = max(before.values())
    for row, name in enumerate(CALLS):
        y = 14 + 82 * row
        board.box(8, y + 6, 210, 44, name, kind="green" if name in TUNED else "plain", size=14, style="mono")
        if row:
            board.arrow(113, y - 32, 113, y + 4)
        for line, (costs, kind) in enumerate([(before, "orange"), (after, "blue")]):
            length = max(2, 230 * costs[name] / longest)
            board.box(232, y + 4 + 26 * line, length, 20, kind=kind, radius=2)
            board.text(240 + length, y + 19 + 26 * line, f"{costs[name]:,.0f}", anchor="start", size=14)
    total = sum(before.values()) / sum(after.values())
    board.box(12, 352, 14, 14, kind="orange", radius=2)
    board.text(34, 364, Text("simulated cycles before", "之前的模拟周期数"), anchor="start", size=14)
    board.box(280, 352, 14, 14, kind="blue", radius=2)
    board.text(302, 364, Text("simulated cycles after", "之后的模拟周期数"), anchor="start", size=14)
    note = Text(
        f"Green: has a record. All calls together: {total:.1f} times fewer cycles.",
        f"绿色：有记录。所有调用合计：周期数减少到原来的 {total:.1f} 分之一。",
    )
    board.text(12, 402, note, anchor="start", size=14, style="soft")
    return board
