"""Checks of the item ``shared_tile``: shared memory and vectors."""

from functools import partial

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most, no_bank_conflicts
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NO_SHARED, NUMBERS, counted, expect, fits_registers, once, product, uses_shared

shared_tile = Task(
    "shared_tile",
    kind="trace",
    title=Text("Shared memory and vectors", "共享内存与向量化"),
    module=lambda: programs.product(128, 128, 64),
)


_shared = once(partial(product, 128, 128, 64))


@shared_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    oracle, result = _shared(sch)
    expect(result, oracle)


@shared_tile.inspect(
    "bytes",
    points=2,
    title=Text(
        "at most 140,000 bytes loaded, 16,384 bytes shared, 1,020 bytes of registers",
        "加载不超过 140,000 字节，共享内存不超过 16,384 字节，寄存器不超过 1,020 字节",
    ),
)
def _(sch):
    result = counted(_shared, sch)
    hint = NO_SHARED
    if result.counters.shared_load_requests:
        hint = Text(
            "Is each number that a block needs fetched once only? If it is, larger tiles of R share more.",
            "线程块需要的每个数是否只取了一次？如果是，R 的分块取大一些，共用的就更多。",
        )
    counter_at_most(result, "global_load_bytes", 140_000, hint=hint)
    hint = Text("Make the tiles of the sum less deep.", "把求和方向的分段取短一些。")
    counter_at_most(result, "shared_bytes_per_block", 16_384, hint=hint)
    hint = Text(
        "Copy to registers what one step of the sum needs, not a whole tile.",
        "复制到寄存器的应当是求和的一步所需的元素，而不是整个分块。",
    )
    fits_registers(result, hint)


@shared_tile.inspect("requests", points=1, title=Text("at most 400 global load requests", "全局内存加载请求不超过 400"))
def _(sch):
    result = counted(_shared, sch)
    hint = Text("Four neighbours fit one instruction of a thread.", "线程的一条指令可以搬四个相邻元素。")
    if result.counters.global_load_bytes >= 16 * 32 * result.counters.global_load_requests:
        hint = Text(
            "Each request moves as much as it can: fewer are left only if fewer bytes are loaded.",
            "每个请求搬的字节已经最多：只有少加载一些字节，请求才会更少。",
        )
    counter_at_most(result, "global_load_requests", 400, hint=hint)


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
