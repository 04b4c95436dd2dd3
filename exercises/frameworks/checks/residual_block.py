"""Checks of the item ``residual_block``: a residual block."""

import numpy as np
from tvm import tirx

from mlc_ref.checks import Task, require
from mlc_ref.checks.graphs import graph
from mlc_ref.checks.sites import listing
from mlc_ref.frameworks.exercise_inputs import residual_graph, residual_result, residual_weights
from mlc_ref.language import Text

from .shared import NUMBERS, _module, _sizes, expect, normal

# A residual block.

residual_block = Task("residual_block", kind="program", title=Text("A residual block", "残差块"))


def _residual(call, rng, incoming, channels, groups, rows, **options):
    network = residual_graph(incoming, channels, groups, **options)
    weights = residual_weights(network, rng)
    x = normal(rng, rows, incoming, 7, 6)
    options.pop("affine", None)
    where = Text(f"{incoming} to {channels} channels, {groups} groups", f"{incoming} 到 {channels} 个通道，{groups} 组")
    mod = _module(call(network, weights))
    hint = Text(
        "Import one node after the other and compare with NumPy: convolution, normalization, SiLU, sum.",
        "逐个节点导入并与 NumPy 比较：卷积、归一化、SiLU、相加。",
    )
    expect(call.module(mod, x), residual_result(x, weights, groups, **options), where, hint)


def _widths(rng) -> tuple[int, int, int]:
    """Incoming channels, channels, groups: different numbers, and more than one channel a group."""
    groups = int(rng.integers(2, 5))
    return int(rng.integers(1, 6)), groups * int(rng.integers(2, 4)), groups


@residual_block.run("signature", points=1, title=Text("images in, weights inside", "输入图像，权重在内"))
def _(call, rng):
    incoming, channels, groups = _widths(rng)
    network = residual_graph(incoming, channels, groups)
    func = graph(_module(call(network, residual_weights(network, rng))))
    sizes = [_sizes(p.ty) or [] for p in func.params]
    right = len(sizes) == 1 and sizes[0] and isinstance(sizes[0][0], tirx.Var) and sizes[0][1:] == [incoming, 7, 6]
    shape = f"(batch, {incoming}, 7, 6)"
    fixed = len(sizes) == 1 and bool(sizes[0]) and not isinstance(sizes[0][0], tirx.Var)
    hint = Text("Bind the weights as constants.", "把权重绑定为常量。")
    if fixed:
        hint = Text("Leave the batch as the graph has it, a name.", "批大小保持图中的样子：一个名字。")
    require(
        bool(right),
        expected=Text(f"one parameter {shape}, batch symbolic", f"一个参数 {shape}，批大小为符号"),
        found=listing([f"{p.name}: {p.ty}" for p in func.params]),
        hint=hint,
    )


@residual_block.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    _residual(call, rng, *_widths(rng), rows=int(rng.integers(3, 12)))


@residual_block.run("options", points=1, title=Text("another stride and epsilon", "另外的步长与 epsilon"))
def _(call, rng):
    epsilon = float(np.float32(rng.uniform(0.3, 0.9)))
    _residual(call, rng, *_widths(rng), rows=1, stride=1, epsilon=epsilon)


@residual_block.run("plain", points=1, title=Text("normalization without weights", "不带权重的归一化"))
def _(call, rng):
    _residual(call, rng, *_widths(rng), rows=int(rng.integers(3, 6)), affine=False)
