"""Checks of the item ``two_operators``: two more operators."""

import numpy as np

from mlc_ref.checks import CheckFailure, Task
from mlc_ref.checks.graphs import calls, well_formed
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

from .shared import _module, _network, _node, _v, expect, normal

# Two more operators.

two_operators = Task("two_operators", kind="program", title=Text("Two more operators", "再加两个算子"))


def _hardswish(x):
    return x * np.clip(x + 3, 0, 6) / 6


def _imported(call, network, *arrays):
    mod = _module(call(network))
    well_formed(mod)
    only = Text("Use operators of Relax, or call_tir.", "用 Relax 的算子，或 call_tir。")
    if any(site.operator in ("call", "relax.call_dps_packed", "relax.call_pure_packed") for site in calls(mod)):
        raise CheckFailure(
            expected=Text("no call of a library", "不调用库函数"),
            found=listing([str(s) for s in calls(mod)]),
            hint=only,
        )
    return call.module(mod, *arrays)


def _shape(rng, rank: int) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice(np.arange(2, 9), size=rank, replace=False))


@two_operators.run("hardswish", points=1, title=Text("hardswish", "hardswish"))
def _(call, rng):
    for rank in (1, 2, 4):
        shape = _shape(rng, rank)
        x = normal(rng, *shape) * 4
        network = _network(shape, _node("h", "hardswish.default", _v("x")))
        hint = Text("Relax has clip, add, multiply and divide.", "Relax 有 clip、add、multiply、divide。")
        expect(_imported(call, network, x), _hardswish(x.astype("float64")), f"{shape}", hint)


_AXES = Text(
    "Axis -1 is the last one; all axes of the list are averaged over.", "轴 -1 是最后一个；列表中的所有轴都要平均。"
)


_KEPT = Text(
    "keepdim is the third argument and may be left out; where it is true, the axes stay with extent 1.",
    "keepdim 是第三个参数，可以省略；为真时，这些轴保留，长度为 1。",
)


_DIVIDED = Text("A mean is the sum divided by the number of elements.", "平均是和除以元素个数。")


def _judge_mean(call, rng, cases, *flags):
    for rank, axes in cases:
        shape = _shape(rng, rank)
        x = normal(rng, *shape)
        network = _network(shape, _node("m", "mean.dim", _v("x"), axes, *flags))
        keep = bool(flags and flags[0])
        oracle = x.astype("float64").mean(axis=tuple(axes), keepdims=keep)
        where = Text(f"{shape}, axes {axes}, keepdim {keep}", f"{shape}，轴 {axes}，keepdim {keep}")
        found = _imported(call, network, x)
        other = x.astype("float64").mean(axis=tuple(axes), keepdims=not keep)
        hint = _AXES
        if getattr(found, "shape", None) == other.shape and np.allclose(found, other, atol=1e-4):
            hint = _KEPT
        elif getattr(found, "shape", None) == oracle.shape and not np.allclose(found, oracle, atol=1e-4):
            total = x.astype("float64").sum(axis=tuple(axes), keepdims=keep)
            hint = _DIVIDED if np.allclose(found, total, atol=1e-3) else _AXES
        expect(found, oracle, where, hint)


@two_operators.run("mean", points=1, title=Text("mean over some axes", "对若干个轴求平均"))
def _(call, rng):
    _judge_mean(call, rng, [(2, [1]), (3, [-1]), (4, [2, 3]), (4, [-1, 0]), (3, [0, 1, 2])])
    _judge_mean(call, rng, [(3, [1])], False)


@two_operators.run("kept", points=1, title=Text("mean that keeps its axes", "保留维度的平均"))
def _(call, rng):
    _judge_mean(call, rng, [(2, [1]), (3, [0, -1]), (4, [-2])], True)


@two_operators.run("whole", points=2, title=Text("a network with old and new operators", "新旧算子混合的网络"))
def _(call, rng):
    steps = [
        _node("y", "linear.default", _v("x"), _v("p_w"), module="0"),
        _node("r", "relu.default", _v("y"), module="1"),
        _node("h", "hardswish.default", _v("y"), module="2"),
        _node("m", "mean.dim", _v("h"), [1], True),
        _node("d", "sub.Tensor", _v("h"), _v("m"), alpha=2),
        _node("a", "add.Tensor", _v("d"), _v("r")),
        _node("g", "hardswish.default", _v("a"), module="2"),
    ]
    outputs, inputs = _shape(rng, 2)
    network = _network(("batch", inputs), *steps, weights={"p_w": (outputs, inputs)})
    w = normal(rng, outputs, inputs)
    for rows in (1, int(rng.integers(2, 40))):
        x = normal(rng, rows, inputs)
        y = x.astype("float64") @ w.T
        h = _hardswish(y)
        oracle = _hardswish(h - 2 * h.mean(axis=1, keepdims=True) + np.maximum(y, 0))
        hint = Text(
            "One table with all operators, the old ones and the two new ones.", "一个表包含所有算子：旧的和两个新的。"
        )
        expect(_imported(call, network, x, w), oracle, Text(f"{rows} rows", f"{rows} 行"), hint)
