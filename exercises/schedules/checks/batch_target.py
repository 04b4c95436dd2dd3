"""Checks of the item ``batch_target``: batched product."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.loops import Loop, computed_at, loop_nest
from mlc_ref.checks.sites import reducing
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs

from .shared import DECOMPOSE, NUMBERS, READ_NEST, expect, following, no_further_blocks, normal, starting, wide

batch_target = Task(
    "batch_target",
    kind="trace",
    title=Text("Batched product", "批量矩阵乘法"),
    module=lambda: programs.batch_product_relu(4, 24, 32, 20),
)


_OUTER = [Loop(0, 4, "parallel"), Loop(1, 24, "serial"), Loop(2, 4, "serial", 8)]


_VECTOR = Loop(2, 8, "vectorized", 1)


def _batch(sch):
    same_signature(sch, programs.batch_product_relu(4, 24, 32, 20))


@batch_target.inspect("product", points=2, title=Text("loops of the product", "乘积的循环"))
def _(sch):
    _batch(sch)
    no_further_blocks(sch, 2)
    loop_nest(sch, reducing, [*_OUTER, Loop(3, 20, "serial"), _VECTOR], hint=READ_NEST)


@batch_target.inspect("start", points=1, title=Text("loops of the initial value", "初始值的循环"))
def _(sch):
    _batch(sch)
    decomposed(sch, hint=DECOMPOSE)
    loop_nest(sch, starting(sch), [*_OUTER, _VECTOR], hint=READ_NEST)
    computed_at(sch, starting(sch), reducing, shared=len(_OUTER), hint=DECOMPOSE)


@batch_target.inspect("epilogue", points=2, title=Text("loops of the epilogue", "尾部计算的循环"))
def _(sch):
    _batch(sch)
    hint = Text(
        "reverse_compute_at moves the epilogue; the loop that it makes inside is new and has to be vectorized by itself.",
        "reverse_compute_at 移动尾部计算；它在里面新建的循环要另外向量化。",
    )
    loop_nest(sch, following(sch), [*_OUTER, _VECTOR], hint=hint)
    computed_at(sch, following(sch), reducing, shared=len(_OUTER), hint=hint)


@batch_target.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = normal(rng, 4, 24, 20), normal(rng, 4, 20, 32)
    expect(call, [p, q], np.maximum(np.matmul(*wide(p, q)), 0))
