"""Checks of the item ``given_nest``: a given loop nest."""

import numpy as np

from mlc_ref.checks import Task, require
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.loops import Loop, describe, loop_nest, loops_of
from mlc_ref.checks.sites import reducing, select_one
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs

from .shared import NUMBERS, block, expect, no_further_blocks, normal, wide

given_nest = Task(
    "given_nest",
    kind="trace",
    title=Text("A given loop nest", "给定的循环嵌套"),
    module=lambda: programs.product(24, 36, 20),
)


_SHAPES = [(0, 6, 4), (1, 4, 9), (2, 20, 1), (0, 4, 1), (1, 9, 1)]


_NEST = [Loop(axis, extent, step=step) for axis, extent, step in _SHAPES]


@given_nest.inspect("splits", points=2, title=Text("the right loops", "循环正确"))
def _(sch):
    same_signature(sch, programs.product(24, 36, 20))
    no_further_blocks(sch, 1)
    site = select_one(sch, reducing)
    found = loops_of(site)
    missing = [loop for loop in _NEST if not any(loop.accepts(site, each) for each in found)]
    right = not missing and len(found) == len(_NEST)
    listed = ", ".join(str(loop).removeprefix("loop ") for loop in _NEST)
    wanted = Text(f"exactly the loops {listed}", f"恰好这些循环：{listed}")
    hint = Text(
        "`step` is how far one iteration moves along the axis: the outer loop of a split moves by the inner one's length.",
        "`step` 是一次迭代沿块轴移动的距离：拆分得到的外层循环，步长等于内层的长度。",
    )
    require(right, expected=wanted, found=describe(site), where=block(site), hint=hint)


@given_nest.inspect("order", points=2, title=Text("the right order", "顺序正确"))
def _(sch):
    same_signature(sch, programs.product(24, 36, 20))
    hint = Text(
        "One call of reorder with all five loops, outermost first.", "调用一次 reorder，从最外层起列出全部五层循环。"
    )
    loop_nest(sch, reducing, _NEST, hint=hint)
    serial = [Loop(axis, extent, "serial", step) for axis, extent, step in _SHAPES]
    loop_nest(sch, reducing, serial, hint=Text("The loops are plain: range(…), without parallel, unroll or vectorize.",
                                               "循环都是普通的 range(…)，没有 parallel、unroll 或 vectorize。"))  # fmt: skip


@given_nest.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = normal(rng, 24, 20), normal(rng, 20, 36)
    expect(call, [p, q], np.matmul(*wide(p, q)))
