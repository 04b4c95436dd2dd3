"""Checks of the item ``mark_loops``: mark the loops."""

from mlc_ref.checks import Task, require
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.loops import Loop, describe, has_loop, loops_of
from mlc_ref.checks.sites import select
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs

from .shared import NUMBERS, block, expect, normal, only_one

mark_loops = Task(
    "mark_loops",
    kind="trace",
    title=Text("Mark the loops", "标记循环"),
    module=lambda: programs.square_plus(12, 96),
)


_LANES, _COPIES = 8, 4


def _square(sch):
    same_signature(sch, programs.square_plus(12, 96))


@mark_loops.inspect("parallel", points=1, title=Text("parallel outside", "外层并行"))
def _(sch):
    _square(sch)
    hint = Text(
        "Call parallel on the first loop of the nest as it stands at the end.", "对最终循环嵌套的第一层调用 parallel。"
    )
    has_loop(sch, None, Loop(kind="parallel"), place="outermost", hint=hint)
    only_one(sch, "parallel")


@mark_loops.inspect("vectorized", points=1, title=Text("vector inside", "内层向量化"))
def _(sch):
    _square(sch)
    hint = Text(
        "The last factor of a split gives the innermost loop; its step is 1 only if it is the last part of axis 1.",
        "拆分的最后一个因子给出最内层循环；只有它是第 1 轴的最后一段时，步长才是 1。",
    )
    has_loop(sch, None, Loop(axis=1, extent=_LANES, kind="vectorized", step=1), place="innermost", hint=hint)


@mark_loops.inspect("unrolled", points=1, title=Text("unrolled between them", "中间展开"))
def _(sch):
    _square(sch)
    only_one(sch, "unrolled")
    for site in select(sch, None):
        around = loops_of(site)[-2:-1]
        fits = any(Loop(extent=_COPIES, kind="unrolled").accepts(site, loop) for loop in around)
        wanted = Text(
            f"an unrolled loop of {_COPIES} directly around the innermost",
            f"最内层外面紧接一层展开的循环，长度 {_COPIES}",
        )
        hint = Text("It is the second loop from the inside that counts.", "看的是从内向外的第二层循环。")
        require(fits, expected=wanted, found=describe(site), where=block(site), hint=hint)


@mark_loops.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x = normal(rng, 12, 96)
    expect(call, [x], x.astype("float64") ** 2 + 1)
