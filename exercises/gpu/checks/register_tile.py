"""Checks of the item ``register_tile``: register blocking."""

from functools import partial

from mlc_ref.checks import Task, require
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, counted, expect, fits_registers, loads, once, product

register_tile = Task(
    "register_tile",
    kind="trace",
    title=Text("Register blocking", "寄存器分块"),
    module=lambda: programs.product(128, 96, 40),
)


_registers = once(partial(product, 128, 96, 40))


@register_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    oracle, result = _registers(sch)
    expect(result, oracle)


@register_tile.inspect(
    "stores", points=1, title=Text("at most 600 global store requests", "全局内存存储请求不超过 600")
)
def _(sch):
    result = counted(_registers, sch)
    hint = Text(
        "Each element is written once, but by warps with idle threads: look at the extents of threadIdx.",
        "每个元素只写一次，但写它的线程束里有闲置的线程：看看 threadIdx 的长度。",
    )
    if result.counters.global_store_bytes > 128 * 96 * 4:
        hint = Text("Keep the sums in registers and write each once.", "把和保存在寄存器里，每个只写一次。")
    counter_at_most(result, "global_store_requests", 600, hint=hint)


def _loads_hint(result):
    """Why so many numbers are loaded: sums in global memory, operands not kept, or a small tile."""
    if loads(result, "R"):
        return Text(
            "The sums are loaded again at each step: keep them in registers.",
            "每一步都要重新加载和：把它们保存在寄存器里。",
        )
    rows = [row for kernel in result.kernels for row in kernel.statements if row.counters.flops]
    if any(row.counters.global_load_requests for row in rows):
        return Text(
            "Each multiply-add reads P and Q from global memory: copy what a thread needs of them at one step to registers.",
            "每次乘加都从全局内存读取 P 和 Q：把线程在一步中需要的元素复制到寄存器。",
        )
    return Text(
        "P and Q come through registers, but each number is used too seldom: how many multiply-adds does a thread do with "
        "the numbers it loads at one step? Are threads of a warp idle?",
        "P 和 Q 经过了寄存器，但每个数用得太少：线程用一步中加载的数做了多少次乘加？线程束里有没有闲置的线程？",
    )


@register_tile.inspect(
    "loads",
    points=2,
    title=Text(
        "at most 12,000 load requests, no shared memory, 1,020 bytes of registers",
        "加载请求不超过 12,000，不用共享内存，寄存器不超过 1,020 字节",
    ),
)
def _(sch):
    result = counted(_registers, sch)
    shared = result.counters.shared_bytes_per_block
    require(
        shared == 0,
        expected=Text("no shared memory", "不用共享内存"),
        found=Text(f"{shared:,} bytes a block", f"每个线程块 {shared:,} 字节"),
        hint=Text('The operands go to the scope "local" here.', '这里操作数放到存储作用域 "local"。'),
    )
    counter_at_most(result, "global_load_requests", 12_000, hint=_loads_hint(result))
    hint = Text(
        "A thread keeps its sums, and of P and Q what one step needs.",
        "线程只保存它的和，以及一步中需要的 P、Q 的元素。",
    )
    fits_registers(result, hint)
