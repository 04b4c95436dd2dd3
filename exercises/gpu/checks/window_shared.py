"""Checks of the item ``window_shared``: window maximum in shared memory."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.checks.sites import reducing
from mlc_ref.checks.threads import threads_at_least
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, _run, at_least, counted, expect, loads, normal, once

window_shared = Task(
    "window_shared",
    kind="trace",
    title=Text("Window maximum in shared memory", "用共享内存求窗口最大值"),
    module=lambda: programs.window_max(1000, 9),
)


@once
def _window(sch):
    x = normal(np.random.default_rng(), 1008) - 10
    return x, _run(sch.mod, [x], (1000,))


@window_shared.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _window(sch)
    expect(result, np.lib.stride_tricks.sliding_window_view(x, 9).max(axis=1))


def _sectors_hint(result):
    """Which of the three ways to load too much this one is."""
    if loads(result, "Y"):
        return Text(
            "The running maximum stands in global memory, where Y is loaded again at each step: keep it in a register.",
            "进行中的最大值放在全局内存，每一步都要再次加载 Y：把它放在寄存器里。",
        )
    if not result.counters.shared_load_requests:
        return Text(
            "Each thread loads its whole window by itself: a block needs each element of X once, through shared memory.",
            "每个线程都独自加载整个窗口：线程块只需要把 X 的每个元素取一次，经过共享内存读取。",
        )
    return Text(
        "X comes through shared memory, but more than once. Where is the copy made, and how many windows has a block? "
        "Two neighbouring blocks both fetch the elements between them.",
        "X 经过了共享内存，但取了不止一次。副本放在哪层循环处，一个线程块算多少个窗口？相邻的两个线程块都要取它们之间的元素。",
    )


@window_shared.inspect("sectors", points=2, title=Text("at most 200 global load sectors", "全局内存加载扇区不超过 200"))
def _(sch):
    result = counted(_window, sch)
    counter_at_most(result, "global_load_sectors", 200, hint=_sectors_hint(result))


@window_shared.inspect(
    "parallel", points=1, title=Text("4 blocks or more, 500 threads or more", "至少 4 个线程块、500 个线程")
)
def _(sch):
    blocks = max(int(np.prod(kernel.grid)) for kernel in counted(_window, sch).kernels)
    hint = Text("Leave fewer windows to each block of threads.", "让每个线程块计算更少的窗口。")
    at_least(blocks, 4, Text("blocks", "线程块"), hint)
    hint = Text(
        "Leave fewer windows to each thread; a thread that computes no window does not count.",
        "让每个线程计算更少的窗口；没有窗口可算的线程不计入。",
    )
    threads_at_least(sch, reducing, 500, hint=hint)
