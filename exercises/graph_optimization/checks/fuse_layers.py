"""Checks of the item ``fuse_layers``: layers as sub-functions."""

from tvm import IRModule

from mlc_ref.checks import Task, require
from mlc_ref.checks.sites import listing
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.language import Text

from .shared import (
    GROUP,
    NUMBERS,
    REFUSES,
    _layers,
    fused,
    groups,
    layer,
    leaves_alone,
    refuses,
    require_calls,
    require_groups,
    rewritten,
    same_numbers,
    shared,
    sizes,
)

# Groups.

fuse_layers = Task("fuse_layers", kind="program", title=Text("Layers as sub-functions", "把层变成子函数"))


def _require_primitive(mod: IRModule) -> None:
    """The sub-functions are marked as groups that become one kernel each."""
    for attrs, _ in groups(mod):
        wanted = Text("the attribute Primitive", "属性 Primitive")
        hint = Text(
            "Build the sub-function with attrs={\"Primitive\": True}.",
            "构造子函数时写 attrs={\"Primitive\": True}。",
        )  # fmt: skip
        require(bool(attrs.get("Primitive")), expected=wanted, found=listing(sorted(attrs)), where="main", hint=hint)


def _read_again(rng) -> Sketch:
    """Two layers, and the value of the first is read once more: nothing inside of it is."""
    rows, width = sizes(rng, 2)
    shapes = {"x": (rows, width), "w0": (width, width), "b0": (width,), "w1": (width, width), "b1": (width,)}
    return Sketch(shapes, [*layer(0, "x"), *layer(1, "r0"), "out = R.subtract(r1, r0)"], "out")


@fuse_layers.run("groups", points=2, title=Text("a group for each layer", "每层一个组"))
def _(call, rng):
    for relus, bias_first in (([True] * int(rng.integers(2, 5)), None), ([True], False), ([True], True)):
        _, mod = fused(call, rng, relus, bias_first)
        _require_primitive(mod)
    sketch, where = _read_again(rng), Text("the value of a layer is read twice", "一层的结果被读取两次")
    mod = rewritten(call, sketch)
    hint = Text("The last value of a layer is no inner value.", "一层最后的值不是内部的值。")
    require_groups(mod, [GROUP, GROUP], where, hint)
    require_calls(mod, ["call", "call", "relax.subtract"], where, hint)
    leaves_alone(call, sketch)


@fuse_layers.run("left", points=3, title=REFUSES)
def _(call, rng):
    for each in shared(rng):
        refuses(call, each, linear=False)
    sketch = _layers(rng, [True, False], bias_first=False)
    mod = rewritten(call, sketch)
    where = Text("a layer without ReLU", "没有 ReLU 的层")
    hint = Text("Only layers with ReLU.", "只融合带 ReLU 的层。")
    require_groups(mod, [GROUP], where, hint)
    require_calls(mod, ["call", *GROUP[:3]], where, hint)


@fuse_layers.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    sketch, mod = fused(call, rng, [True] * int(rng.integers(2, 4)), bias_first=False)
    same_numbers(call, rng, mod, sketch)
