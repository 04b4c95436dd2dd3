"""Checks of the item ``repair_schedule``: a broken schedule."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.loops import Loop, computed_at, loop_nest
from mlc_ref.checks.sites import reducing
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs

from .shared import DECOMPOSE, NUMBERS, READ_NEST, expect, following, no_further_blocks, normal, starting, wide

repair_schedule = Task(
    "repair_schedule",
    kind="trace",
    title=Text("A broken schedule", "有错误的调度"),
    module=lambda: programs.product_leaky(12, 40, 30),
)


_GROUP = [Loop(0, 12, "parallel"), Loop(1, 5, "serial", 8)]


def _leaky(sch):
    same_signature(sch, programs.product_leaky(12, 40, 30))


@repair_schedule.inspect("product", points=2, title=Text("loops of the product", "乘积的循环"))
def _(sch):
    _leaky(sch)
    no_further_blocks(sch, 2)
    loop_nest(sch, reducing, [*_GROUP, Loop(2, 30, "serial"), Loop(1, 8, "vectorized", 1)], hint=READ_NEST)


@repair_schedule.inspect("start", points=1, title=Text("initial values before the sum", "初始值在求和之前"))
def _(sch):
    _leaky(sch)
    decomposed(sch, hint=DECOMPOSE)
    loop_nest(sch, starting(sch), [*_GROUP, Loop(1, 8, step=1)], hint=DECOMPOSE)
    computed_at(sch, starting(sch), reducing, shared=len(_GROUP), hint=DECOMPOSE)


@repair_schedule.inspect("epilogue", points=2, title=Text("epilogue after each group", "每组之后做尾部计算"))
def _(sch):
    _leaky(sch)
    hint = Text(
        "It belongs into the loop over groups, beside the sum and not inside it.",
        "它应当在各组的循环里，与求和并列，而不是在求和里面。",
    )
    loop_nest(sch, following(sch), [*_GROUP, Loop(1, 8, step=1)], hint=hint)
    computed_at(sch, following(sch), reducing, shared=len(_GROUP), hint=hint)


@repair_schedule.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = normal(rng, 12, 30), normal(rng, 30, 40)
    z = np.matmul(*wide(p, q))
    expect(call, [p, q], np.maximum(z, z / 8))
