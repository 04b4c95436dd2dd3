"""Checks of the item ``shared_tile``: shared memory and vectors."""

from functools import partial

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most, no_bank_conflicts
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, counted, expect, product, uses_shared

shared_tile = Task(
    "shared_tile",
    kind="trace",
    title=Text("Shared memory and vectors", "共享内存与向量化"),
    module=lambda: programs.product(128, 128, 64),
)


_shared = partial(product, 128, 128, 64)


@shared_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    oracle, result = _shared(sch)
    expect(result, oracle)


@shared_tile.inspect(
    "bytes",
    points=2,
    title=Text(
        "at most 140,000 bytes loaded, 16,384 bytes shared", "加载不超过 140,000 字节，共享内存不超过 16,384 字节"
    ),
)
def _(sch):
    result = counted(_shared, sch)
    hint = Text(
        "A block of 64 by 64 results reads each number of its strips once.",
        "64×64 的线程块分块，条带中的每个数只读一次。",
    )
    counter_at_most(result, "global_load_bytes", 140_000, hint=hint)
    hint = Text("Make the tiles of the sum less deep.", "把求和方向的分段取短一些。")
    counter_at_most(result, "shared_bytes_per_block", 16_384, hint=hint)


@shared_tile.inspect("requests", points=1, title=Text("at most 400 global load requests", "全局内存加载请求不超过 400"))
def _(sch):
    hint = Text("Four neighbours fit one instruction of a thread.", "线程的一条指令可以搬四个相邻元素。")
    counter_at_most(counted(_shared, sch), "global_load_requests", 400, hint=hint)


@shared_tile.inspect(
    "banks", points=2, title=Text("shared memory without bank conflicts", "使用共享内存且没有存储体冲突")
)
def _(sch):
    result = counted(_shared, sch)
    uses_shared(result)
    hint = Text(
        "Of both tiles a thread needs neighbours: copy them to registers as vectors.",
        "线程从两个分块中需要的都是相邻元素：把它们作为向量复制到寄存器。",
    )
    no_bank_conflicts(result, hint=hint)
