"""Checks of the item ``repair_race``: find and repair a race."""

import numpy as np
from tvm import te

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text

from .shared import NUMBERS, STEPS, _run, expect, normal, uses_shared

repair_race = Task("repair_race", kind="module", title=Text("Find and repair a race", "找出并修复数据竞争"))


_BLOCKS, _THREADS, _ROUNDS = 4, 64, 3


def _smoothed(a):
    rows = a.astype("float64").reshape(_BLOCKS, _THREADS)
    for _ in range(_ROUNDS):
        rows = (rows + np.roll(rows, -1, axis=1)) / 2
    return (rows[:, : _THREADS // 2] + rows[:, _THREADS // 2 :]).reshape(-1)


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
    expect(result, _smoothed(a))


@repair_race.inspect("race", points=2, title=Text("no race with its own barriers", "仅靠自己的屏障就没有竞争"))
def _(mod):
    a, result = _repaired(mod, races=True)
    expect(result, _smoothed(a))  # a kernel that does something else has nothing to order


@repair_race.inspect(
    "frugal",
    points=1,
    title=Text("at most 28 barriers and 32 global load sectors", "屏障不超过 28，全局内存加载扇区不超过 32"),
)
def _(mod):
    a, result = _repaired(mod, races=True)
    expect(result, _smoothed(a))
    uses_shared(result)
    hint = Text("Two barriers a round and one after the rounds do.", "每轮两个屏障、循环之后一个就够了。")
    counter_at_most(result, "barriers", 28, hint=hint)
    hint = Text("Load each element of A once, into shared memory.", "A 的每个元素只加载一次，放进共享内存。")
    counter_at_most(result, "global_load_sectors", 32, hint=hint)
