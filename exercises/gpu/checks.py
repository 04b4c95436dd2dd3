"""Checks and points of the exercises on GPUs: kernels run in the simulator, whose counters are bounded."""

from functools import partial

import numpy as np
from tvm import te

from mlc_ref.checks import CheckFailure, Task, arrays_match, equal_value, require
from mlc_ref.checks.counters import counter_at_most, no_bank_conflicts, simulated
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.sites import reducing
from mlc_ref.checks.threads import in_kernels, threads_at_least
from mlc_ref.gpu.given import programs
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")
_STEPS = 300_000  # several times what any answer of sensible size needs
_OPTIONS = Options(step_limit=_STEPS)


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _run(mod, inputs, shape, options=_OPTIONS):
    """The simulation of an answer, with every detection on unless ``options`` say otherwise."""
    in_kernels(mod)
    return simulated(mod, inputs, [(shape, "float32")], options=options)


def _counted(run, sch):
    """The simulation of an answer for a part on its counters; why there are none, the first part says."""
    try:
        return run(sch)[1]
    except CheckFailure as failure:
        told = Text("no counters: the part “right numbers” says why", "没有计数：原因见“数值正确”一项")
        raise CheckFailure(expected=failure.expected, found=told) from failure


def _expect(result, oracle):
    """Compare with the oracle, within the rounding of a sum of some hundred terms."""
    hint = Text(
        "Simulate it on small whole numbers. Do all blocks of a kernel have the same thread extents?",
        "用小整数做一次模拟。同一内核中各个块的线程数是否一致？",
    )
    arrays_match(result.outputs[0], oracle.astype("float32"), rtol=1e-4, atol=1e-3, hint=hint)


def _at_least(found, least, what, hint):
    require(
        found >= least,
        expected=Text(f"at least {least:,} {what.en}", f"至少 {least:,} 个{what.zh}"),
        found=f"{found:,}",
        hint=hint,
    )


def _uses_shared(result):
    hint = Text(
        'Bring the data to the scope "shared" and read them there.', '把数据放到作用域 "shared"，再从那里读取。'
    )
    _at_least(result.counters.shared_load_requests, 1, Text("load of shared memory", "共享内存加载请求"), hint)


# bind ---------------------------------------------------------------------------------------------

bind_leaky = Task(
    "bind_leaky",
    kind="trace",
    title=Text("Bind an element-wise kernel", "绑定逐元素内核"),
    module=lambda: programs.leaky(37, 50),
)


def _leaky(sch):
    x = _normal(np.random.default_rng(), 37, 50)
    return x, _run(sch.mod, [x], (37, 50))


@bind_leaky.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _leaky(sch)
    _expect(result, np.maximum(x, x * np.float32(0.1)))


@bind_leaky.inspect("threads", points=1, title=Text("blocks of whole warps", "线程块由完整的线程束组成"))
def _(sch):
    result = _counted(_leaky, sch)
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
    result = _counted(_leaky, sch)
    hint = Text(
        "Warps need not end where rows end: fuse the loops first. Neighbouring threads take neighbouring elements.",
        "线程束不必在行尾结束：先合并循环。相邻线程处理相邻元素。",
    )
    counter_at_most(result, "global_load_requests", 120, hint=hint)
    counter_at_most(result, "global_load_sectors", 480, hint=hint)


# window maximum -----------------------------------------------------------------------------------

window_shared = Task(
    "window_shared",
    kind="trace",
    title=Text("Window maximum in shared memory", "用共享内存求窗口最大值"),
    module=lambda: programs.window_max(1000, 9),
)


def _window(sch):
    x = _normal(np.random.default_rng(), 1008) - 10
    return x, _run(sch.mod, [x], (1000,))


@window_shared.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _window(sch)
    _expect(result, np.lib.stride_tricks.sliding_window_view(x, 9).max(axis=1))


@window_shared.inspect("sectors", points=2, title=Text("at most 200 global load sectors", "全局内存加载扇区不超过 200"))
def _(sch):
    hint = Text(
        "A block needs each element of X once: read it through shared memory. And keep the running maximum in a register: "
        "in global memory, Y is loaded again at each step.",
        "一个线程块只需要把 X 的每个元素取一次：经过共享内存读取。进行中的最大值放在寄存器里：放在全局内存时，每一步都要再次加载 Y。",
    )
    counter_at_most(_counted(_window, sch), "global_load_sectors", 200, hint=hint)


@window_shared.inspect(
    "parallel", points=1, title=Text("4 blocks or more, 500 threads or more", "至少 4 个线程块、500 个线程")
)
def _(sch):
    blocks = max(int(np.prod(kernel.grid)) for kernel in _counted(_window, sch).kernels)
    hint = Text("Choose a smaller inner factor of the split, or more of them.", "把 split 的内层因子取小，或多拆一层。")
    _at_least(blocks, 4, Text("blocks", "线程块"), hint)
    hint = Text(
        "Leave fewer windows to each thread; a thread that computes no window does not count.",
        "让每个线程计算更少的窗口；没有窗口可算的线程不计入。",
    )
    threads_at_least(sch, reducing, 500, hint=hint)


# transpose ----------------------------------------------------------------------------------------

turn_tile = Task(
    "turn_tile",
    kind="trace",
    title=Text("Transpose", "转置"),
    module=lambda: programs.scaled_transpose(72, 104),
)


def _turned(sch):
    x = _normal(np.random.default_rng(), 72, 104)
    return x, _run(sch.mod, [x], (104, 72))


@turn_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _turned(sch)
    _expect(result, 3 * x.T)


@turn_tile.inspect(
    "coalesced",
    points=2,
    title=Text("at most 1,000 sectors loaded and 1,000 stored", "加载与存储各不超过 1,000 个扇区"),
)
def _(sch):
    result = _counted(_turned, sch)
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
    result = _counted(_turned, sch)
    _uses_shared(result)
    no_bank_conflicts(
        result, hint=Text("How long is a row of the tile in shared memory?", "共享内存中分块的一行有多长？")
    )


# row squares --------------------------------------------------------------------------------------

sum_rows = Task(
    "sum_rows",
    kind="trace",
    title=Text("A sum across threads", "跨线程求和"),
    module=lambda: programs.row_squares(40, 304),
)


def _squares(sch):
    x = _normal(np.random.default_rng(), 40, 304)
    return x, _run(sch.mod, [x], (40,))


@sum_rows.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    x, result = _squares(sch)
    _expect(result, (x.astype("float64") ** 2).sum(axis=1))


@sum_rows.inspect("threads", points=1, title=Text("at least 1,280 threads", "至少 1,280 个线程"))
def _(sch):
    _counted(_squares, sch)
    hint = Text(
        "Split the loop over j and bind a part of it to threadIdx: a thread a row leaves all others idle.",
        "拆分 j 的循环，把其中一部分绑定到 threadIdx：每行一个线程时，其余线程都闲着。",
    )
    threads_at_least(sch, reducing, 1280, hint=hint)


@sum_rows.inspect("sectors", points=2, title=Text("at most 3,600 global load sectors", "全局内存加载扇区不超过 3,600"))
def _(sch):
    hint = Text(
        "Neighbouring threads should read along a row, and partial sums stay out of global memory.",
        "相邻线程应当沿着一行读取，部分和不要放在全局内存。",
    )
    counter_at_most(_counted(_squares, sch), "global_load_sectors", 3600, hint=hint)


# products -----------------------------------------------------------------------------------------


def _product(n, m, k, sch):
    rng = np.random.default_rng()
    p, q = _normal(rng, k, n), _normal(rng, k, m)
    return p.astype("float64").T @ q, _run(sch.mod, [p, q], (n, m))


register_tile = Task(
    "register_tile",
    kind="trace",
    title=Text("Register blocking", "寄存器分块"),
    module=lambda: programs.product(128, 96, 40),
)
_registers = partial(_product, 128, 96, 40)


@register_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    oracle, result = _registers(sch)
    _expect(result, oracle)


@register_tile.inspect(
    "stores", points=1, title=Text("at most 600 global store requests", "全局内存存储请求不超过 600")
)
def _(sch):
    hint = Text("Keep the sums in registers and write each once.", "把和保存在寄存器里，每个只写一次。")
    counter_at_most(_counted(_registers, sch), "global_store_requests", 600, hint=hint)


@register_tile.inspect(
    "loads",
    points=2,
    title=Text("at most 12,000 load requests, no shared memory", "加载请求不超过 12,000，不用共享内存"),
)
def _(sch):
    result = _counted(_registers, sch)
    hint = Text('The operands go to the scope "local" here.', '这里操作数放到作用域 "local"。')
    counter_at_most(result, "shared_bytes_per_block", 0, hint=hint)
    hint = Text(
        "Copy what a thread needs of P and Q at one step to registers, and use each number several times.",
        "把线程在一步中需要的 P 和 Q 的元素复制到寄存器，每个数用几次。",
    )
    counter_at_most(result, "global_load_requests", 12_000, hint=hint)


shared_tile = Task(
    "shared_tile",
    kind="trace",
    title=Text("Shared memory and vectors", "共享内存与向量化"),
    module=lambda: programs.product(128, 128, 64),
)
_shared = partial(_product, 128, 128, 64)


@shared_tile.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    oracle, result = _shared(sch)
    _expect(result, oracle)


@shared_tile.inspect(
    "bytes",
    points=2,
    title=Text(
        "at most 140,000 bytes loaded, 16,384 bytes shared", "加载不超过 140,000 字节，共享内存不超过 16,384 字节"
    ),
)
def _(sch):
    result = _counted(_shared, sch)
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
    counter_at_most(_counted(_shared, sch), "global_load_requests", 400, hint=hint)


@shared_tile.inspect(
    "banks", points=2, title=Text("shared memory without bank conflicts", "使用共享内存且没有存储体冲突")
)
def _(sch):
    result = _counted(_shared, sch)
    _uses_shared(result)
    hint = Text(
        "Of both tiles a thread needs neighbours: copy them to registers as vectors.",
        "线程从两个分块中需要的都是相邻元素：把它们作为向量复制到寄存器。",
    )
    no_bank_conflicts(result, hint=hint)


# race ---------------------------------------------------------------------------------------------

repair_race = Task("repair_race", kind="module", title=Text("Find and repair a race", "找出并修复数据竞争"))
_BLOCKS, _THREADS, _ROUNDS = 4, 64, 3


def _smoothed(a):
    rows = a.astype("float64").reshape(_BLOCKS, _THREADS)
    for _ in range(_ROUNDS):
        rows = (rows + np.roll(rows, -1, axis=1)) / 2
    return (rows[:, : _THREADS // 2] + rows[:, _THREADS // 2 :]).reshape(-1)


def _repaired(mod, races):
    same_signature(mod, _signature())
    a = _normal(np.random.default_rng(), _BLOCKS * _THREADS)
    options = Options(step_limit=_STEPS, insert_barriers=False, races=races)
    return a, _run(mod, [a], (_BLOCKS * _THREADS // 2,), options)


def _signature():
    """A function that has only the right parameters."""
    array = te.placeholder((_BLOCKS * _THREADS,), name="A")
    return te.create_prim_func([array, te.compute((_BLOCKS * _THREADS // 2,), lambda i: array[i], name="B")])


@repair_race.inspect("numbers", points=1, title=NUMBERS)
def _(mod):
    a, result = _repaired(mod, races=False)
    _expect(result, _smoothed(a))


@repair_race.inspect("race", points=2, title=Text("no race with its own barriers", "仅靠自己的屏障就没有竞争"))
def _(mod):
    a, result = _repaired(mod, races=True)
    _expect(result, _smoothed(a))  # a kernel that does something else has nothing to order


@repair_race.inspect(
    "frugal",
    points=1,
    title=Text("at most 28 barriers and 32 global load sectors", "屏障不超过 28，全局内存加载扇区不超过 32"),
)
def _(mod):
    a, result = _repaired(mod, races=True)
    _expect(result, _smoothed(a))
    _uses_shared(result)
    hint = Text("Two barriers a round and one after the rounds do.", "每轮两个屏障、循环之后一个就够了。")
    counter_at_most(result, "barriers", 28, hint=hint)
    hint = Text("Load each element of A once, into shared memory.", "A 的每个元素只加载一次，放进共享内存。")
    counter_at_most(result, "global_load_sectors", 32, hint=hint)


# predictions --------------------------------------------------------------------------------------

predict = Task("predict", kind="value", title=Text("Predict counters", "预测计数"))

_ANSWERS = {
    "add_requests": (2 * 2**31 // 32, Text("requests of the addition", "向量加法的加载请求")),
    "copy_sectors": (2**30 // 32 * 12, Text("sectors of the copy", "跨步复制的加载扇区")),
    "transpose_conflicts": (16384**2 // 32 * 31, Text("conflicts of the transpose", "转置的存储体冲突")),
    "matmul_requests": (2 * 4096 * 4096**2 // 32, Text("requests of local_sum", "local_sum 的加载请求")),
    "matmul_bytes": (64**2 * 2 * 64 * 4096 * 4, Text("bytes of shared_blocking", "shared_blocking 的加载字节")),
    "matmul_barriers": (64**2 * (4096 // 16) * 2, Text("barriers of shared_blocking", "shared_blocking 的屏障")),
}


def _predicted(key, value, answer):
    require(
        isinstance(answer, dict) and key in answer,
        expected=Text(f"a dict with the key {key!r}", f"含有键 {key!r} 的字典"),
        found=type(answer).__name__ if not isinstance(answer, dict) else ", ".join(map(str, answer)),
        hint=Text("Keep the dict as it is given and fill in its values.", "保留给出的字典，只填写其中的值。"),
    )
    hint = Text(
        "Count one small case by hand, check it with the simulator, then scale it up.",
        "先手算一个小的例子，用模拟器核对，再按比例放大。",
    )
    if isinstance(answer[key], float):
        hint = Text("Counters are integers: divide with // instead of /.", "计数是整数：除法用 // 而不是 /。")
    equal_value(answer[key], value, where=key, hint=hint)


for _key, (_value, _title) in _ANSWERS.items():
    predict.inspect(_key, points=1, title=_title)(partial(_predicted, _key, _value))


TASKS = [bind_leaky, window_shared, turn_tile, sum_rows, register_tile, shared_tile, repair_race, predict]
