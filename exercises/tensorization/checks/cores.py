"""Checks of the item ``cores``: a Tensor Core schedule."""

from functools import lru_cache

import numpy as np

from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.checks.counters import counter_at_most, counter_is, simulated
from mlc_ref.checks.threads import in_kernels
from mlc_ref.gpu import codegen
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text
from mlc_ref.tensorization import intrinsics
from mlc_ref.tensorization.exercise_inputs import programs

from .shared import NUMBERS, expect


def _half():
    intrinsics.register_wmma()
    return programs.half_batch(2, 64, 96, 32)


cores = Task("cores", kind="trace", title=Text("A Tensor Core schedule", "张量核心的调度"), module=_half)


_OPTIONS = Options(step_limit=300_000)


@lru_cache(maxsize=1)
def _simulate(sch):
    """The simulation of an answer, the same for all its parts."""
    in_kernels(sch)
    rng = np.random.default_rng()
    a, b = (rng.random(shape).astype("float16") for shape in ((2, 64, 32), (2, 32, 96)))
    return a, b, simulated(sch.mod, [a, b], [((2, 64, 96), "float32")], options=_OPTIONS)


_INSTRUCTIONS = {
    "fill_fragment": Text("The block that clears the sums is", "给累加器清零的块"),
    "load_matrix_sync": Text("The copies of the operands to fragments are", "操作数到片段的复制"),
    "mma_sync": Text("The product is", "乘法"),
    "store_matrix_sync": Text("The copy of the sums from their fragments is", "和从片段写回的复制"),
}


@cores.inspect("cuda", points=2, title=Text("CUDA text with the matrix instructions", "CUDA 文本里有矩阵指令"))
def _(sch):
    try:
        source = codegen.kernel_source(sch.mod)
    except Exception as error:
        in_kernels(sch)
        hint = Text("Tensorize all five kinds of blocks.", "对五种块都做张量化。")
        said = str(error).strip().splitlines()[-1][:200]
        found = Text(said, f"编译失败，英文原文：{said}")
        raise CheckFailure(expected=Text("CUDA text", "CUDA 文本"), found=found, hint=hint) from error
    for name, block in _INSTRUCTIONS.items():
        require(
            f"wmma::{name}" in source,
            expected=f"wmma::{name}",
            found=Text("CUDA text without it", "CUDA 文本里没有"),
            hint=Text(f"{block.en} not tensorized yet.", f"{block.zh}还没有张量化。"),
        )


_TILES = Text("2 · 4 · 6 · 2 tiles of 16 by 16 by 16, all of them by WMMA_MMA.",
              "2 · 4 · 6 · 2 个 16 × 16 × 16 的分块，全部用 WMMA_MMA。")  # fmt: skip


@cores.inspect(
    "counters", points=2, title=Text("96 matrix instructions and no flops", "矩阵指令 96 条，没有普通浮点运算")
)
def _(sch):
    result = _simulate(sch)[2]
    counter_is(result, "matrix_instructions", 96, hint=_TILES)
    hint = Text("Some products or sums are still done by single threads.", "还有乘法或求和由单个线程完成。")
    counter_is(result, "flops", 0, hint=hint)


@cores.inspect("traffic", points=1, title=Text("at most 2,000 global load sectors", "全局内存加载扇区不超过 2,000"))
def _(sch):
    result = _simulate(sch)[2]
    counter_is(result, "matrix_instructions", 96, hint=_TILES)
    hint = Text(
        "Let several warps of a block share what is in shared memory: a larger tile for each block.",
        "让线程块的几个线程束共用共享内存里的数据：每个线程块取更大的分块。",
    )
    counter_at_most(result, "global_load_sectors", 2000, hint=hint)


@cores.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    a, b, result = _simulate(sch)
    expect(result.outputs[0], a.astype("float64") @ b)
