"""Checks of the item ``register_tile``: register blocking."""

from functools import partial

from mlc_ref.checks import Task
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, counted, expect, product

register_tile = Task(
    "register_tile",
    kind="trace",
    title=Text("Register blocking", "寄存器分块"),
    module=lambda: programs.product(128, 96, 40),
)


_registers = partial(product, 128, 96, 40)


@register_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    oracle, result = _registers(sch)
    expect(result, oracle)


@register_tile.inspect(
    "stores", points=1, title=Text("at most 600 global store requests", "全局内存存储请求不超过 600")
)
def _(sch):
    hint = Text("Keep the sums in registers and write each once.", "把和保存在寄存器里，每个只写一次。")
    counter_at_most(counted(_registers, sch), "global_store_requests", 600, hint=hint)


@register_tile.inspect(
    "loads",
    points=2,
    title=Text("at most 12,000 load requests, no shared memory", "加载请求不超过 12,000，不用共享内存"),
)
def _(sch):
    result = counted(_registers, sch)
    hint = Text('The operands go to the scope "local" here.', '这里操作数放到作用域 "local"。')
    counter_at_most(result, "shared_bytes_per_block", 0, hint=hint)
    hint = Text(
        "Copy what a thread needs of P and Q at one step to registers, and use each number several times.",
        "把线程在一步中需要的 P 和 Q 的元素复制到寄存器，每个数用几次。",
    )
    counter_at_most(result, "global_load_requests", 12_000, hint=hint)
