"""Checks of the item ``two_stages``: a sum in two stages."""

import math

import numpy as np

from mlc_ref.checks import Task, require
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import Loop, has_loop
from mlc_ref.checks.sites import Site, reducing, sites
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs

from .shared import (
    NUMBERS,
    block,
    expect,
    no_further_blocks,
    normal,
    only_one,
)

_LENGTH, _PARTS = 1003, 8


two_stages = Task(
    "two_stages",
    kind="trace",
    title=Text("A sum in two stages", "两阶段求和"),
    module=lambda: programs.squares(_LENGTH),
)


def _stages(sch) -> tuple[Site, Site]:
    """The two reductions: the partial sums, and the sum of them."""
    same_signature(sch, programs.squares(_LENGTH))
    found = [site for site in sites(sch) if reducing(site)]
    wanted = Text("two blocks with a reduction axis", "两个带规约轴的块")
    hint = Text("rfactor makes the second block.", "第二个块由 rfactor 产生。")
    require(len(found) == 2, expected=wanted, found=len(found), hint=hint)
    first, second = found
    linked = any(region.source.same_as(first.written[0]) for region in second.block.reads)
    require(
        linked,
        expected=Text("the second reads what the first writes", "第二个块读取第一个块写的内容"),
        found=Text("it does not", "没有读取"),
    )
    return first, second


@two_stages.inspect("stages", points=2, title=Text("eight partial sums", "八个部分和"))
def _(sch):
    first, _second = _stages(sch)
    no_further_blocks(sch, 2)
    size = math.prod(constant(extent) or 0 for extent in first.written[0].shape)
    wanted = Text(f"{_PARTS} partial sums", f"{_PARTS} 个部分和")
    hint = Text(
        "There are as many partial sums as the loop given to rfactor has iterations.",
        "交给 rfactor 的循环有几次迭代，就有几个部分和。",
    )
    require(size == _PARTS, expected=wanted, found=size, where=block(first), hint=hint)


@two_stages.inspect("parallel", points=2, title=Text("first stage in parallel", "第一阶段并行"))
def _(sch):
    first, _second = _stages(sch)
    hint = Text(
        "Call parallel on the loop of 8 in the first block, the one that rfactor returned.",
        "对第一个块（rfactor 返回的块）中长度为 8 的循环调用 parallel。",
    )
    partial = lambda site: site.realize.same_as(first.realize)  # noqa: E731
    has_loop(sch, partial, Loop(extent=_PARTS, kind="parallel"), hint=hint)
    hint = Text(
        "A parallel loop inside another starts and ends its tasks anew at every iteration: let it be the outermost.",
        "放在别的循环里面的并行循环，每次迭代都要重新启动并结束任务：请让它成为最外层。",
    )
    has_loop(sch, partial, Loop(extent=_PARTS, kind="parallel"), place="outermost", hint=hint)
    only_one(sch, "parallel")


@two_stages.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x = normal(rng, _LENGTH)
    expect(call, [x], np.array([(x.astype("float64") ** 2).sum()]))
