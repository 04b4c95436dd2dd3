"""Checks of the item ``on_toy``: tensorize for the toy accelerator."""

import numpy as np
import tvm
from tvm.s_tir import SBlock

from mlc_ref.checks import Task, require
from mlc_ref.checks.calls import called
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import function, listing, nodes, sites
from mlc_ref.language import Text
from mlc_ref.tensorization import intrinsics, microkernel
from mlc_ref.tensorization.exercise_inputs import programs
from mlc_ref.tensorization.programs import toy

from .shared import NUMBERS, expect, normal, only, tensorized, times


def _batch():
    intrinsics.register_toy()
    return programs.batch(3, 8, 12, 16, microkernel.llvm_ir())


on_toy = Task(
    "on_toy", kind="trace", title=Text("Tensorize for the toy accelerator", "为玩具加速器张量化"), module=_batch
)


_TOY = [
    intrinsics.TOY_CLEAR,
    intrinsics.TOY_LOAD_A,
    intrinsics.TOY_LOAD_B,
    intrinsics.TOY_MAC_TILES,
    intrinsics.TOY_STORE,
]


_WHAT = {
    intrinsics.TOY_CLEAR: Text("the block that clears the sums", "给累加器清零的块"),
    intrinsics.TOY_LOAD_A: Text("the copy of A", "A 的复制"),
    intrinsics.TOY_LOAD_B: Text("the copy of B", "B 的复制"),
    intrinsics.TOY_MAC_TILES: Text("the product", "乘法"),
    intrinsics.TOY_STORE: Text("the copy of the sums", "和的写回"),
}
_SCOPES = [toy.SCOPE_A, toy.SCOPE_B, toy.SCOPE_ACC]


def _all_instructions(sch):
    found = sorted(set(tensorized(sch)))
    hint = Text("Each copy, the clearing and the product is tensorized with its own instruction.",
                "每个复制、清零和乘法都用各自的指令张量化。")  # fmt: skip
    missing = [_WHAT[name] for name in _TOY if name not in found]
    if missing and found:
        hint = Text(*(f"{tell}{', '.join(m)}" for tell, m in (
            ("Not tensorized yet: ", [each.en for each in missing]), ("还没有张量化：", [each.zh for each in missing])
        )))  # fmt: skip
    require(found == sorted(_TOY), expected=listing(sorted(_TOY)), found=listing(found), hint=hint)
    relu = [constant(loop.extent) for site in sites(sch) if site.name == "relu" for loop in site.loops]
    hint_ = Text("The block `relu` and its three loops stay as they are.", "块 `relu` 和它的三层循环保持原样。")
    require(relu == [3, 8, 12], expected="relu: 3, 8, 12", found=f"relu: {', '.join(map(str, relu))}", hint=hint_)
    for site in sites(sch):
        require(
            site.name == "relu" or bool(called(only(site))),
            expected=Text("an instruction in every block but relu", "除 relu 外每个块都是指令"),
            found=Text("loops over numbers", "对单个数的循环"),
            where=site.name,
            hint=hint,
        )


@on_toy.inspect("instructions", points=2, title=Text("all five instructions", "五条指令都用到"))
def _(sch):
    _all_instructions(sch)


@on_toy.inspect("memories", points=1, title=Text("one tile in each memory", "每块存储只放一个分块"))
def _(sch):
    used = {buffer.scope() for site in sites(sch) for buffer in site.written}
    missing = [scope for scope in _SCOPES if scope not in used]
    hint = Text("cache_write brings the sums to their memory, cache_read the operands.",
                "用 cache_write 把累加器放进它的存储，用 cache_read 放操作数。")  # fmt: skip
    require(not missing, expected=listing(_SCOPES), found=listing(sorted(used)), hint=hint)
    hint = Text(
        "Split the start of the sums off: decompose_reduction.", "用 decompose_reduction 把和的初始化分离出来。"
    )
    started = [site.name for site in sites(sch) if site.block.init is not None]
    kept = Text(f"T.init in {', '.join(started)}", f"{', '.join(started)} 中有 T.init")
    require(
        not started,
        expected=Text("sums started in a block of their own", "和在单独的块里初始化"),
        found=kept,
        hint=hint,
    )
    transform = tvm.s_tir.transform
    passes = [transform.PlanAndUpdateBufferAllocationLocation(), transform.ConvertBlocksToOpaque()]
    mod = tvm.transform.Sequential([*passes, transform.CompactBufferAllocation()])(sch.mod)
    buffers = [b for block in nodes(function(mod).body, SBlock) for b in block.alloc_buffers if b.scope() in _SCOPES]
    found = {b.scope(): int(np.prod([constant(s) or 0 for s in b.shape])) for b in buffers}
    for scope in _SCOPES:
        hint = Text(
            "Move each copy to the loops over tiles: compute_at, reverse_compute_at.",
            "把每个复制移到分块循环处：compute_at、reverse_compute_at。",
        )
        require(
            found.get(scope) == 16,
            expected=Text("16 numbers", "16 个数"), found=str(found.get(scope)), where=scope, hint=hint,
        )  # fmt: skip


@on_toy.inspect(
    "counts", points=1,
    title=Text("72 multiplications, at most 72 loads of each operand, 18 clears and 18 stores",
               "相乘 72 次，每个操作数加载不超过 72 次，清零和写回各不超过 18 次"),
)  # fmt: skip
def _(sch):
    _all_instructions(sch)
    limits = {"toy_mac": 72, toy.SCOPE_A: 72, toy.SCOPE_B: 72, "toy_clear": 18, "global": 18}
    counts = dict.fromkeys(limits, 0)
    for site in sites(sch):
        names = [n for n in called(only(site)) if n.startswith("toy_")]
        if names:
            counts[names[0] if names[0] != "toy_copy" else site.block.writes[0].source.scope()] += times(site)
    hint = Text("The product has 3 · 2 · 3 · 4 tiles of 4 by 4 by 4.", "乘法有 3 · 2 · 3 · 4 个 4 × 4 × 4 的分块。")
    require(counts["toy_mac"] == 72, expected="72 toy_mac", found=counts["toy_mac"], hint=hint)
    hint = Text(
        "Operands are copied at the loop over tiles of p; clearing and storing stand outside of it.",
        "操作数在 p 的分块循环处复制；清零和写回在这层循环之外。",
    )
    for name, limit in limits.items():
        wanted = Text(f"at most {limit}", f"不超过 {limit}")
        require(counts[name] <= limit, expected=wanted, found=counts[name], where=name, hint=hint)


@on_toy.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    a, b = normal(rng, 3, 8, 16), normal(rng, 3, 16, 12)
    expect(call(a, b, out=[((3, 8, 12), "float32")]), np.maximum(a.astype("float64") @ b, 0))
