"""Checks of the item ``turn_tile``: transpose."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most, no_bank_conflicts
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, _run, counted, expect, normal, uses_shared

turn_tile = Task(
    "turn_tile",
    kind="trace",
    title=Text("Transpose", "转置"),
    module=lambda: programs.scaled_transpose(72, 104),
)


def _turned(sch):
    x = normal(np.random.default_rng(), 72, 104)
    return x, _run(sch.mod, [x], (104, 72))


@turn_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _turned(sch)
    expect(result, 3 * x.T)


@turn_tile.inspect(
    "coalesced",
    points=2,
    title=Text("at most 1,000 sectors loaded and 1,000 stored", "加载与存储各不超过 1,000 个扇区"),
)
def _(sch):
    result = counted(_turned, sch)
    hint = Text(
        "In both copies, threadIdx.x should move the last index of the global buffer.",
        "两次复制中，threadIdx.x 都应驱动全局缓冲区的最后一个下标。",
    )
    counter_at_most(result, "global_load_sectors", 1000, hint=hint)
    counter_at_most(result, "global_store_sectors", 1000, hint=hint)


@turn_tile.inspect(
    "banks", points=2, title=Text("shared memory without bank conflicts", "使用共享内存且没有存储体冲突")
)
def _(sch):
    result = counted(_turned, sch)
    uses_shared(result)
    no_bank_conflicts(
        result, hint=Text("How long is a row of the tile in shared memory?", "共享内存中分块的一行有多长？")
    )
