"""Checks of the item ``fuse_epilogue``: fuse the epilogue."""

import numpy as np

from mlc_ref.checks import Task, require
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.loops import describe, loops_of
from mlc_ref.checks.memory import allocates_at_most
from mlc_ref.checks.sites import reducing, select, select_one, sites
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs
from mlc_ref.tensor_programs.axes import executions

from .shared import DECOMPOSE, NUMBERS, block, expect, following, no_further_blocks, normal, wide

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
    no_further_blocks(sch, 2)
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
        require(shares, expected=wanted, found=describe(site), where=block(site), hint=hint)
    for site in select(sch, following(sch)):
        runs = executions(site)
        wanted = Text("one run for each of the 480 elements", "480 个元素各执行一次")
        hint = Text("The epilogue must wait until the sum is complete.", "尾部计算必须等到求和完成之后。")
        require(runs == 20 * 24, expected=wanted, found=runs, where=block(site), hint=hint)


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
    decomposed(sch, hint=DECOMPOSE)


@fuse_epilogue.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q, b = normal(rng, 20, 18), normal(rng, 18, 24), normal(rng, 24)
    expect(call, [p, q, b], np.clip(np.matmul(*wide(p, q)) + b, 0, 6))
