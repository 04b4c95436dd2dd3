"""Checks of the item ``turn_tile``: transpose."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most, no_bank_conflicts
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, _run, counted, expect, normal, once, uses_shared

turn_tile = Task(
    "turn_tile",
    kind="trace",
    title=Text("Transpose", "转置"),
    module=lambda: programs.scaled_transpose(72, 104),
)


@once
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
    direct = None
    if not result.counters.shared_load_requests:
        direct = Text(
            "A thread that loads and stores one element goes down a column on one side: exchange elements between threads "
            "through shared memory.",
            "同一个线程加载并存储一个元素时，总有一侧沿着列走：让线程经过共享内存交换元素。",
        )
    hint = Text(
        "Where X is loaded, neighbouring threads should take neighbours of a row of X: which index must threadIdx.x move?",
        "加载 X 时，相邻线程应当取 X 一行中相邻的元素：threadIdx.x 应当驱动哪个下标？",
    )
    counter_at_most(result, "global_load_sectors", 1000, hint=direct or hint)
    hint = Text(
        "Where Y is stored, neighbouring threads should take neighbours of a row of Y: which index must threadIdx.x move?",
        "存储 Y 时，相邻线程应当写 Y 一行中相邻的元素：threadIdx.x 应当驱动哪个下标？",
    )
    counter_at_most(result, "global_store_sectors", 1000, hint=direct or hint)


@turn_tile.inspect(
    "banks", points=2, title=Text("shared memory without bank conflicts", "使用共享内存且没有存储体冲突")
)
def _(sch):
    result = counted(_turned, sch)
    uses_shared(result)
    hint = Text(
        "A warp reads or writes a column here. How long is a row of the tile in shared memory, and in which banks do the "
        "words of a column lie?",
        "线程束在这里沿着列读写。共享内存中分块的一行有多长，一列的各个字落在哪些存储体？",
    )
    no_bank_conflicts(result, hint=hint)
