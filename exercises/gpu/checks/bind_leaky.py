"""Checks of the item ``bind_leaky``: bind an element-wise kernel."""

import numpy as np

from mlc_ref.checks import Task, require
from mlc_ref.checks.counters import counter_at_most
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.language import Text

from .shared import NUMBERS, _run, counted, expect, normal, once

bind_leaky = Task(
    "bind_leaky",
    kind="trace",
    title=Text("Bind an element-wise kernel", "绑定逐元素内核"),
    module=lambda: programs.leaky(37, 50),
)


@once
def _leaky(sch):
    x = normal(np.random.default_rng(), 37, 50)
    return x, _run(sch.mod, [x], (37, 50))


@bind_leaky.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _leaky(sch)
    expect(result, np.maximum(x, x * np.float32(0.1)))


@bind_leaky.inspect("threads", points=1, title=Text("blocks of whole warps", "线程块由完整的线程束组成"))
def _(sch):
    result = counted(_leaky, sch)
    for kernel in result.kernels:
        require(
            kernel.threads % 32 == 0 and 64 <= kernel.threads <= 512,
            expected=Text("64 to 512 threads a block, a multiple of 32", "每个线程块 64 到 512 个线程，且为 32 的倍数"),
            found=kernel.threads,
            where=kernel.name,
            hint=Text(
                "The extents of the loops bound to threadIdx, multiplied, are the threads of a block.",
                "绑定到 threadIdx 的各循环长度之积，就是线程块的线程数。",
            ),
        )


@bind_leaky.inspect(
    "counters", points=2, title=Text("at most 120 load requests and 480 sectors", "加载请求不超过 120，扇区不超过 480")
)
def _(sch):
    result = counted(_leaky, sch)
    hint = Text(
        "Many lanes of many warps are idle: warps need not end where rows end.",
        "许多线程束里有不少闲置的通道：线程束不必在行尾结束。",
    )
    counter_at_most(result, "global_load_requests", 120, hint=hint)
    hint = Text(
        "The lanes of a warp read far apart: neighbouring threads should take neighbouring elements of a row.",
        "同一线程束的通道读取的位置相距很远：相邻线程应当处理一行中相邻的元素。",
    )
    counter_at_most(result, "global_load_sectors", 480, hint=hint)
