"""Checks of the item ``repair_race``: find and repair a race."""

import numpy as np
from tvm import te

from mlc_ref.checks import CheckFailure, Task
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text

from .shared import NUMBERS, STEPS, _run, expect, normal, once, uses_shared

repair_race = Task("repair_race", kind="module", title=Text("Find and repair a race", "找出并修复数据竞争"))


_BLOCKS, _THREADS, _ROUNDS = 4, 64, 3


def _smoothed(a, rounds=_ROUNDS, neighbour=1, within=_THREADS):
    rows = a.astype("float64").reshape(-1, within)
    for _ in range(rounds):
        rows = (rows + np.roll(rows, -neighbour, axis=1)) / 2
    rows = rows.reshape(_BLOCKS, _THREADS)
    return (rows[:, : _THREADS // 2] + rows[:, _THREADS // 2 :]).reshape(-1)


_OTHERS = [
    *(
        ({"rounds": n}, Text(f"This is the result of {n} rounds instead of three.", f"这是 {n} 轮的结果，而不是三轮。"))
        for n in (0, 1, 2, 4)
    ),
    ({"neighbour": -1}, Text("This is the mean with the left neighbour.", "这是与左邻居的平均值。")),
    (
        {"within": _BLOCKS * _THREADS},
        Text(
            "The last element of a run has the first of the same run as its neighbour.",
            "每段最后一个元素的邻居是同一段的第一个。",
        ),
    ),
]


def _hint(a, found):
    """What was computed instead, if it is something known."""
    for changes, hint in _OTHERS:
        if np.allclose(found, _smoothed(a, **changes), rtol=1e-4, atol=1e-3):
            return hint
    return Text(
        "Only barriers were missing or misplaced: the arithmetic of the given kernel is right.",
        "给出的内核只是缺少屏障或屏障放错了位置，其中的算术是对的。",
    )


@once
def _repaired(mod, races):
    same_signature(mod, _signature())
    a = normal(np.random.default_rng(), _BLOCKS * _THREADS)
    options = Options(step_limit=STEPS, insert_barriers=False, races=races)
    return a, _run(mod, [a], (_BLOCKS * _THREADS // 2,), options)


def _signature():
    """A function that has only the right parameters."""
    array = te.placeholder((_BLOCKS * _THREADS,), name="A")
    return te.create_prim_func([array, te.compute((_BLOCKS * _THREADS // 2,), lambda i: array[i], name="B")])


@repair_race.inspect("numbers", points=1, title=NUMBERS)
def _(mod):
    a, result = _repaired(mod, races=False)
    expect(result, _smoothed(a), _hint(a, result.outputs[0]))


def _ordered(mod):
    """The simulation of a kernel with right numbers and without a race: one that does something else orders nothing."""
    a, result = _repaired(mod, races=True)
    try:
        expect(result, _smoothed(a))
    except CheckFailure as failure:
        wanted = Text("right numbers first", "首先数值正确")
        told = Text("wrong numbers: the part “right numbers” says why", "数值错误：原因见“数值正确”一项")
        raise CheckFailure(expected=wanted, found=told) from failure
    return result


@repair_race.inspect("race", points=2, title=Text("no race with its own barriers", "仅靠自己的屏障就没有竞争"))
def _(mod):
    _ordered(mod)


@repair_race.inspect(
    "frugal",
    points=1,
    title=Text("at most 28 barriers and 32 global load sectors", "屏障不超过 28，全局内存加载扇区不超过 32"),
)
def _(mod):
    result = _ordered(mod)
    uses_shared(result)
    hint = Text(
        "Between which two accesses does each barrier stand? Some order nothing.",
        "每个屏障隔开的是哪两次访问？有的什么也没有隔开。",
    )
    counter_at_most(result, "barriers", 28, hint=hint)
    hint = Text("Load each element of A once, into shared memory.", "A 的每个元素只加载一次，放进共享内存。")
    counter_at_most(result, "global_load_sectors", 32, hint=hint)
