"""Checks and points of the exercises on schedules: every answer is a trace, replayed on the given program."""

import math
from collections.abc import Callable

import numpy as np

from mlc_ref.cache_model import traffic
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import Loop, computed_at, describe, has_loop, kind_of, loop_nest, loops_of
from mlc_ref.checks.memory import allocates_at_most
from mlc_ref.checks.sites import Site, listing, reducing, select, select_one, sites
from mlc_ref.language import Text
from mlc_ref.schedules.given import programs
from mlc_ref.tensor_programs.axes import executions

NUMBERS = Text("right numbers", "数值正确")


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _expect(call, inputs, oracle):
    """Compare with the oracle, within the rounding of a sum of some thousand terms."""
    arrays_match(call(*inputs, out=[(oracle.shape, "float32")]), oracle.astype("float32"), rtol=1e-4, atol=1e-3)


_DECOMPOSE = Text(
    "decompose_reduction(block, loop) writes the initial value before that loop: name the outermost loop of the sum.",
    "decompose_reduction(块, 循环) 在该循环之前写入初始值：请指定求和的最外层循环。",
)
_READ_NEST = Text(
    "Compare from the outside in, at the first loop that differs: its kind (parallel, vectorized), its axis, its length, its step.",
    "从外向内对照，找到第一层不同的循环：类型（parallel、vectorized）、轴、长度、步长。",
)


def _wide(*arrays):
    return [array.astype("float64") for array in arrays]


def starting(sch) -> Callable[[Site], bool]:
    """Selects the blocks that write what the one reduction writes, without reducing."""
    target = select_one(sch, reducing).written[0]
    return lambda site: not reducing(site) and any(buffer.same_as(target) for buffer in site.written)


def following(sch) -> Callable[[Site], bool]:
    """Selects the blocks that read what the one reduction writes, without reducing or starting it."""
    target, start = select_one(sch, reducing).written[0], starting(sch)
    reads = lambda site: any(region.source.same_as(target) for region in site.block.reads)  # noqa: E731
    return lambda site: not reducing(site) and not start(site) and reads(site)


_NO_COPY = Text(
    "cache_read and cache_write add a copy with loops of its own; this program is to have none.",
    "cache_read 和 cache_write 会增加带有自己循环的副本；这个程序不应有副本。",
)


def _no_further_blocks(sch, count: int) -> None:
    """The program has ``count`` blocks, those that write the initial value of a reduction not counted."""
    everything = sites(sch)
    reductions = [site for site in everything if reducing(site)]
    starts = [
        site
        for site in everything
        if not reducing(site)
        and any(site.written[0].same_as(reduction.written[0]) for reduction in reductions)
        and not site.block.reads
    ]
    names = [site.name for site in everything if not any(site is start for start in starts)]
    wanted = Text(f"{count} blocks beside initial values", f"除初始值之外 {count} 个块")
    require(len(names) == count, expected=wanted, found=listing(names), hint=_NO_COPY)


def _only_one(sch, kind: str) -> None:
    """No block is under more than one loop of a kind."""
    for site in select(sch, None):
        found = [loop for loop in loops_of(site) if kind_of(loop) == kind]
        wanted = Text(f"one {kind} loop", f"一层 {kind} 循环")
        hint = Text("Loops that the task does not mention stay as they are.", "题目没有提到的循环保持原样。")
        require(len(found) <= 1, expected=wanted, found=describe(site), where=_block(site), hint=hint)


def _block(site) -> Text:
    return Text(f"block {site.name!r}", f"块 {site.name!r}")


# mark the loops -----------------------------------------------------------------------------------

mark_loops = Task(
    "mark_loops",
    kind="trace",
    title=Text("Mark the loops", "标记循环"),
    module=lambda: programs.square_plus(12, 96),
)
_LANES, _COPIES = 8, 4


def _square(sch):
    same_signature(sch, programs.square_plus(12, 96))


@mark_loops.inspect("parallel", points=1, title=Text("parallel outside", "外层并行"))
def _(sch):
    _square(sch)
    hint = Text(
        "Call parallel on the first loop of the nest as it stands at the end.", "对最终循环嵌套的第一层调用 parallel。"
    )
    has_loop(sch, None, Loop(kind="parallel"), place="outermost", hint=hint)
    _only_one(sch, "parallel")


@mark_loops.inspect("vectorized", points=1, title=Text("vector inside", "内层向量化"))
def _(sch):
    _square(sch)
    hint = Text(
        "The last factor of a split gives the innermost loop; its step is 1 only if it is the last part of axis 1.",
        "拆分的最后一个因子给出最内层循环；只有它是第 1 轴的最后一段时，步长才是 1。",
    )
    has_loop(sch, None, Loop(axis=1, extent=_LANES, kind="vectorized", step=1), place="innermost", hint=hint)


@mark_loops.inspect("unrolled", points=1, title=Text("unrolled between them", "中间展开"))
def _(sch):
    _square(sch)
    _only_one(sch, "unrolled")
    for site in select(sch, None):
        around = loops_of(site)[-2:-1]
        fits = any(Loop(extent=_COPIES, kind="unrolled").accepts(site, loop) for loop in around)
        wanted = Text(
            f"an unrolled loop of {_COPIES} directly around the innermost",
            f"最内层外面紧接一层展开的循环，长度 {_COPIES}",
        )
        hint = Text("It is the second loop from the inside that counts.", "看的是从内向外的第二层循环。")
        require(fits, expected=wanted, found=describe(site), where=_block(site), hint=hint)


@mark_loops.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x = _normal(rng, 12, 96)
    _expect(call, [x], x.astype("float64") ** 2 + 1)


# a given loop nest --------------------------------------------------------------------------------

given_nest = Task(
    "given_nest",
    kind="trace",
    title=Text("A given loop nest", "给定的循环嵌套"),
    module=lambda: programs.product(24, 36, 20),
)
_SHAPES = [(0, 6, 4), (1, 4, 9), (2, 20, 1), (0, 4, 1), (1, 9, 1)]
_NEST = [Loop(axis, extent, step=step) for axis, extent, step in _SHAPES]


@given_nest.inspect("splits", points=2, title=Text("the right loops", "循环正确"))
def _(sch):
    same_signature(sch, programs.product(24, 36, 20))
    _no_further_blocks(sch, 1)
    site = select_one(sch, reducing)
    found = loops_of(site)
    missing = [loop for loop in _NEST if not any(loop.accepts(site, each) for each in found)]
    right = not missing and len(found) == len(_NEST)
    listed = ", ".join(str(loop).removeprefix("loop ") for loop in _NEST)
    wanted = Text(f"exactly the loops {listed}", f"恰好这些循环：{listed}")
    hint = Text(
        "`step` is how far one iteration moves along the axis: the outer loop of a split moves by the inner one's length.",
        "step 是一次迭代沿块轴移动的距离：拆分得到的外层循环，步长等于内层的长度。",
    )
    require(right, expected=wanted, found=describe(site), where=_block(site), hint=hint)


@given_nest.inspect("order", points=2, title=Text("the right order", "次序正确"))
def _(sch):
    same_signature(sch, programs.product(24, 36, 20))
    hint = Text(
        "One call of reorder with all five loops, outermost first.", "调用一次 reorder，从最外层起列出全部五层循环。"
    )
    loop_nest(sch, reducing, _NEST, hint=hint)
    serial = [Loop(axis, extent, "serial", step) for axis, extent, step in _SHAPES]
    loop_nest(sch, reducing, serial, hint=Text("The loops are plain: range(…), without parallel, unroll or vectorize.",
                                               "循环都是普通的 range(…)，没有 parallel、unroll 或 vectorize。"))  # fmt: skip


@given_nest.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = _normal(rng, 24, 20), _normal(rng, 20, 36)
    _expect(call, [p, q], np.matmul(*_wide(p, q)))


# fuse the epilogue --------------------------------------------------------------------------------

fuse_epilogue = Task(
    "fuse_epilogue",
    kind="trace",
    title=Text("Fuse the epilogue", "融合尾部计算"),
    module=lambda: programs.product_clip(20, 24, 18),
)
_ROW_BYTES = 24 * 4


@fuse_epilogue.inspect(
    "epilogue", points=2, title=Text("epilogue in the loops of the product", "尾部计算在乘积的循环中")
)
def _(sch):
    same_signature(sch, programs.product_clip(20, 24, 18))
    _no_further_blocks(sch, 2)
    product = select_one(sch, reducing)
    everything = sites(sch)
    position = next(n for n, site in enumerate(everything) if site.realize.same_as(product.realize))
    for site in everything[position + 1 :]:
        ours, theirs = loops_of(site), loops_of(product)
        shares = bool(ours and theirs) and ours[0].same_as(theirs[0])
        wanted = Text(f"in the loops of block {product.name}", f"位于块 {product.name} 的循环中")
        hint = Text(
            "Move it with reverse_compute_at into a loop of the product that is around the sum.",
            "用 reverse_compute_at 把它移到乘积的、位于求和之外的某层循环里。",
        )
        require(shares, expected=wanted, found=describe(site), where=_block(site), hint=hint)
    for site in select(sch, following(sch)):
        runs = executions(site)
        wanted = Text("one run for each of the 480 elements", "480 个元素各执行一次")
        hint = Text("The epilogue must wait until the sum is complete.", "尾部计算必须等到求和完成之后。")
        require(runs == 20 * 24, expected=wanted, found=runs, where=_block(site), hint=hint)


@fuse_epilogue.inspect("memory", points=2, title=Text("a small intermediate", "中间结果很小"))
def _(sch):
    same_signature(sch, programs.product_clip(20, 24, 18))
    hint = Text(
        "The buffer shrinks to what one iteration of the shared loops needs.",
        "缓冲区会缩小到共享循环一次迭代所需的部分。",
    )
    allocates_at_most(sch, _ROW_BYTES, hint=hint)


@fuse_epilogue.inspect("decomposed", points=1, title=Text("reduction decomposed", "规约已拆解"))
def _(sch):
    same_signature(sch, programs.product_clip(20, 24, 18))
    decomposed(sch, hint=_DECOMPOSE)


@fuse_epilogue.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q, b = _normal(rng, 20, 18), _normal(rng, 18, 24), _normal(rng, 24)
    _expect(call, [p, q, b], np.clip(np.matmul(*_wide(p, q)) + b, 0, 6))


# batched product ----------------------------------------------------------------------------------

batch_target = Task(
    "batch_target",
    kind="trace",
    title=Text("Batched product", "批量乘积"),
    module=lambda: programs.batch_product_relu(4, 24, 32, 20),
)
_OUTER = [Loop(0, 4, "parallel"), Loop(1, 24, "serial"), Loop(2, 4, "serial", 8)]
_VECTOR = Loop(2, 8, "vectorized", 1)


def _batch(sch):
    same_signature(sch, programs.batch_product_relu(4, 24, 32, 20))


@batch_target.inspect("product", points=2, title=Text("loops of the product", "乘积的循环"))
def _(sch):
    _batch(sch)
    _no_further_blocks(sch, 2)
    loop_nest(sch, reducing, [*_OUTER, Loop(3, 20, "serial"), _VECTOR], hint=_READ_NEST)


@batch_target.inspect("start", points=1, title=Text("loops of the initial value", "初始值的循环"))
def _(sch):
    _batch(sch)
    decomposed(sch, hint=_DECOMPOSE)
    loop_nest(sch, starting(sch), [*_OUTER, _VECTOR], hint=_READ_NEST)
    computed_at(sch, starting(sch), reducing, shared=len(_OUTER), hint=_DECOMPOSE)


@batch_target.inspect("epilogue", points=2, title=Text("loops of the epilogue", "尾部计算的循环"))
def _(sch):
    _batch(sch)
    hint = Text(
        "reverse_compute_at moves the epilogue; the loop that it makes inside is new and has to be vectorized by itself.",
        "reverse_compute_at 移动尾部计算；它在里面新建的循环要另外向量化。",
    )
    loop_nest(sch, following(sch), [*_OUTER, _VECTOR], hint=hint)
    computed_at(sch, following(sch), reducing, shared=len(_OUTER), hint=hint)


@batch_target.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = _normal(rng, 4, 24, 20), _normal(rng, 4, 20, 32)
    _expect(call, [p, q], np.maximum(np.matmul(*_wide(p, q)), 0))


# a broken schedule --------------------------------------------------------------------------------

repair_schedule = Task(
    "repair_schedule",
    kind="trace",
    title=Text("A broken schedule", "有毛病的调度"),
    module=lambda: programs.product_leaky(12, 40, 30),
)
_GROUP = [Loop(0, 12, "parallel"), Loop(1, 5, "serial", 8)]


def _leaky(sch):
    same_signature(sch, programs.product_leaky(12, 40, 30))


@repair_schedule.inspect("product", points=2, title=Text("loops of the product", "乘积的循环"))
def _(sch):
    _leaky(sch)
    _no_further_blocks(sch, 2)
    loop_nest(sch, reducing, [*_GROUP, Loop(2, 30, "serial"), Loop(1, 8, "vectorized", 1)], hint=_READ_NEST)


@repair_schedule.inspect("start", points=1, title=Text("initial values before the sum", "初始值在求和之前"))
def _(sch):
    _leaky(sch)
    decomposed(sch, hint=_DECOMPOSE)
    loop_nest(sch, starting(sch), [*_GROUP, Loop(1, 8, step=1)], hint=_DECOMPOSE)
    computed_at(sch, starting(sch), reducing, shared=len(_GROUP), hint=_DECOMPOSE)


@repair_schedule.inspect("epilogue", points=2, title=Text("epilogue after each group", "每组之后做尾部计算"))
def _(sch):
    _leaky(sch)
    hint = Text(
        "It belongs into the loop over groups, beside the sum and not inside it.",
        "它应当在各组的循环里，与求和并列，而不是在求和里面。",
    )
    loop_nest(sch, following(sch), [*_GROUP, Loop(1, 8, step=1)], hint=hint)
    computed_at(sch, following(sch), reducing, shared=len(_GROUP), hint=hint)


@repair_schedule.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = _normal(rng, 12, 30), _normal(rng, 30, 40)
    z = np.matmul(*_wide(p, q))
    _expect(call, [p, q], np.maximum(z, z / 8))


# a sum in two stages ------------------------------------------------------------------------------

_LENGTH, _PARTS = 1003, 8
two_stages = Task(
    "two_stages",
    kind="trace",
    title=Text("A sum in two stages", "两阶段求和"),
    module=lambda: programs.squares(_LENGTH),
)


def _stages(sch) -> tuple[Site, Site]:
    """The two reductions: the partial sums, and the sum of them."""
    same_signature(sch, programs.squares(_LENGTH))
    found = [site for site in sites(sch) if reducing(site)]
    wanted = Text("two blocks with a reduction axis", "两个带规约轴的块")
    hint = Text("rfactor makes the second block.", "第二个块由 rfactor 产生。")
    require(len(found) == 2, expected=wanted, found=len(found), hint=hint)
    first, second = found
    linked = any(region.source.same_as(first.written[0]) for region in second.block.reads)
    require(
        linked,
        expected=Text("the second reads what the first writes", "第二个块读取第一个块写的内容"),
        found=Text("it does not", "没有读取"),
    )
    return first, second


@two_stages.inspect("stages", points=2, title=Text("eight partial sums", "八个部分和"))
def _(sch):
    first, _second = _stages(sch)
    _no_further_blocks(sch, 2)
    size = math.prod(constant(extent) or 0 for extent in first.written[0].shape)
    wanted = Text(f"{_PARTS} partial sums", f"{_PARTS} 个部分和")
    hint = Text(
        "There are as many partial sums as the loop given to rfactor has iterations.",
        "交给 rfactor 的循环有几次迭代，就有几个部分和。",
    )
    require(size == _PARTS, expected=wanted, found=size, where=_block(first), hint=hint)


@two_stages.inspect("parallel", points=2, title=Text("first stage in parallel", "第一阶段并行"))
def _(sch):
    first, _second = _stages(sch)
    hint = Text(
        "Call parallel on the loop of 8 in the first block, the one that rfactor returned.",
        "对第一个块（rfactor 返回的块）中长度为 8 的循环调用 parallel。",
    )
    partial = lambda site: site.realize.same_as(first.realize)  # noqa: E731
    has_loop(sch, partial, Loop(extent=_PARTS, kind="parallel"), hint=hint)
    hint = Text(
        "A parallel loop inside another starts and ends its tasks anew at every iteration: let it be the outermost.",
        "放在别的循环里面的并行循环，每次迭代都要重新启动并结束任务：请让它成为最外层。",
    )
    has_loop(sch, partial, Loop(extent=_PARTS, kind="parallel"), place="outermost", hint=hint)
    _only_one(sch, "parallel")


@two_stages.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x = _normal(rng, _LENGTH)
    _expect(call, [x], np.array([(x.astype("float64") ** 2).sum()]))


# a bound on traffic -------------------------------------------------------------------------------

traffic_bound = Task(
    "traffic_bound",
    kind="trace",
    title=Text("A bound on traffic", "访存量的上限"),
    module=lambda: programs.product(48, 56, 40),
)
CACHE_BYTES, REGISTER_BYTES = 2048, 1024
EASY, HARD = 500_000, 160_000
_LESS = {
    EASY: Text("Let the innermost loop run along a row of Q and of R.", "让最内层循环沿着 Q 和 R 的一行移动。"),
    HARD: Text(
        "Keep a tile of R during the whole sum: more rows and columns in the tile mean fewer passes over P and Q.",
        "让 R 的一个分块在整个求和过程中保留：分块的行列越多，P 和 Q 被读过的遍数越少。",
    ),
}


def _moves_at_most(sch, limit):
    same_signature(sch, programs.product(48, 56, 40))
    registers = Text(
        "Buffers in the scope `local` are registers; there is 1 KiB of them.",
        "作用域 local 中的缓冲区是寄存器，总共只有 1 KiB。",
    )
    allocates_at_most(sch, REGISTER_BYTES, scopes=("local",), hint=registers)
    try:
        moved = traffic(sch, CACHE_BYTES).moved_bytes
    except ValueError as error:
        raise CheckFailure(
            expected=Text("a program that can be counted", "能够计数的程序"), found=str(error)
        ) from error
    wanted = Text(f"at most {limit} bytes moved", f"至多搬运 {limit} 字节")
    require(moved <= limit, expected=wanted, found=moved, hint=_LESS[limit])


@traffic_bound.inspect("easy", points=2, title=Text(f"at most {EASY} bytes", f"至多 {EASY} 字节"))
def _(sch):
    _moves_at_most(sch, EASY)


@traffic_bound.inspect("hard", points=3, title=Text(f"at most {HARD} bytes", f"至多 {HARD} 字节"))
def _(sch):
    _moves_at_most(sch, HARD)


@traffic_bound.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = _normal(rng, 48, 40), _normal(rng, 40, 56)
    _expect(call, [p, q], np.matmul(*_wide(p, q)))


TASKS = [mark_loops, given_nest, fuse_epilogue, batch_target, repair_schedule, two_stages, traffic_bound]
