"""Checks of the item ``sum_rows``: a sum across threads."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.checks.sites import reducing
from mlc_ref.checks.threads import threads_at_least
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, _run, counted, expect, loads, normal, once

sum_rows = Task(
    "sum_rows",
    kind="trace",
    title=Text("A sum across threads", "跨线程求和"),
    module=lambda: programs.row_squares(40, 304),
)


@once
def _squares(sch):
    x = normal(np.random.default_rng(), 40, 304)
    return x, _run(sch.mod, [x], (40,))


@sum_rows.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _squares(sch)
    expect(result, (x.astype("float64") ** 2).sum(axis=1))


@sum_rows.inspect("threads", points=1, title=Text("at least 1,280 threads", "至少 1,280 个线程"))
def _(sch):
    counted(_squares, sch)
    hint = Text(
        "There are 40 rows: let more threads add each of them. Threads that only copy do not count.",
        "一共有 40 行：让更多线程一起求每行的和。只做复制的线程不计入。",
    )
    threads_at_least(sch, reducing, 1280, hint=hint)


@sum_rows.inspect("sectors", points=2, title=Text("at most 3,600 global load sectors", "全局内存加载扇区不超过 3,600"))
def _(sch):
    result = counted(_squares, sch)
    hint = Text(
        "Threads side by side read far apart: let neighbouring threads read neighbours of a row.",
        "相邻线程读取的位置相距很远：让相邻线程读取一行中相邻的元素。",
    )
    if loads(result, "Y"):
        hint = Text(
            "Sums in progress stand in global memory, where Y is loaded again at each step: a sum across threads keeps them "
            "in registers.",
            "进行中的和放在全局内存，每一步都要再次加载 Y：跨线程求和会把它们放在寄存器里。",
        )
    counter_at_most(result, "global_load_sectors", 3600, hint=hint)
