"""Checks of the item ``sum_rows``: a sum across threads."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.checks.sites import reducing
from mlc_ref.checks.threads import threads_at_least
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, _run, counted, expect, normal

sum_rows = Task(
    "sum_rows",
    kind="trace",
    title=Text("A sum across threads", "跨线程求和"),
    module=lambda: programs.row_squares(40, 304),
)


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
        "Split the loop over j and bind a part of it to threadIdx: a thread a row leaves all others idle.",
        "拆分 j 的循环，把其中一部分绑定到 threadIdx：每行一个线程时，其余线程都闲着。",
    )
    threads_at_least(sch, reducing, 1280, hint=hint)


@sum_rows.inspect("sectors", points=2, title=Text("at most 3,600 global load sectors", "全局内存加载扇区不超过 3,600"))
def _(sch):
    hint = Text(
        "Neighbouring threads should read along a row, and partial sums stay out of global memory.",
        "相邻线程应当沿着一行读取，部分和不要放在全局内存。",
    )
    counter_at_most(counted(_squares, sch), "global_load_sectors", 3600, hint=hint)
