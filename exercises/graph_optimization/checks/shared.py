"""What several items of the set share."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from tvm import IRModule

from mlc_ref.checks import arrays_match, require
from mlc_ref.checks.graphs import calls, graph
from mlc_ref.checks.rewrites import leaves_the_given_module_alone, rewritten_module
from mlc_ref.checks.sites import listing
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")


REFUSES = Text("left alone where it must be", "不该改的保持原样")


def rewritten(call, sketch: Sketch, *rest) -> IRModule:
    """The module the answer makes of a graph."""
    return rewritten_module(call(sketch.module(), *rest), sketch.module())


def leaves_alone(call, sketch: Sketch, *rest) -> None:
    leaves_the_given_module_alone(call, sketch.module(), *rest, same=sketch.module())


def same_numbers(call, rng, mod: IRModule, sketch: Sketch) -> None:
    arrays = sketch.arrays(rng)
    hint = Text(
        "Run both modules on the same arrays with a Sketch of your own and compare.",
        "用自己写的 Sketch，对同样的数组运行改写前后的模块，再比较。",
    )
    expected = sketch.oracle(*arrays).astype("float32")
    arrays_match(call.module(mod, *arrays), expected, rtol=1e-3, atol=1e-3, hint=hint)


def _counted(names: list[str]) -> Text:
    return listing([f"{name} × {count}" for name, count in sorted(Counter(names).items())])


def require_calls(mod: IRModule, wanted: list[str], where: Text, hint: Text) -> None:
    """``main`` makes these calls, in any order; ``call`` is a call of a sub-function."""
    found = [site.operator for site in calls(mod, nested=False)]
    same = Counter(found) == Counter(wanted)
    require(same, expected=_counted(wanted), found=_counted(found), where=where, hint=hint)


def sizes(rng, count: int) -> list[int]:
    """Different sizes: equal ones hide which is which."""
    return [int(n) for n in rng.choice(np.arange(2, 40), size=count, replace=False)]


GROUP = ["relax.permute_dims", "relax.matmul", "relax.add", "relax.nn.relu"]


def layer(number: int, source: str, *, relu: bool = True, bias_first: bool = False) -> list[str]:
    sides = f"b{number}, h{number}" if bias_first else f"h{number}, b{number}"
    lines = [f"t{number} = R.permute_dims(w{number})", f"h{number} = R.matmul({source}, t{number})",
             f"s{number} = R.add({sides})"]  # fmt: skip
    return [*lines, f"r{number} = R.nn.relu(s{number})"] if relu else lines


def _layers(rng, relus: list[bool], bias_first: bool | None = None) -> Sketch:
    """A network of linear layers of random sizes, the bias on a random side unless it is stated."""
    rows, *widths = sizes(rng, len(relus) + 2)
    shapes: dict[str, tuple[int, ...]] = {"x": (rows, widths[0])}
    lines: list[str] = []
    last = "x"
    for i, relu in enumerate(relus):
        shapes |= {f"w{i}": (widths[i + 1], widths[i]), f"b{i}": (widths[i + 1],)}
        lines += layer(i, last, relu=relu, bias_first=bool(rng.integers(2)) if bias_first is None else bias_first)
        last = f"r{i}" if relu else f"s{i}"
    return Sketch(shapes, lines, last)


INNER = Text(
    "Fuse only where nothing outside needs an inner value: `use_counts` tells how often a variable is read, and being "
    "returned is a read.",
    "只有内部的值不被外部需要时才融合：`use_counts` 给出变量被读取的次数，被返回也算一次读取。",
)


VECTOR = Text(
    "A bias is a vector, of one dimension: `len(b.ty.shape) == 1`. A row of shape (1, n) is none.",
    "偏置是一维的向量：`len(b.ty.shape) == 1`。形状为 (1, n) 的行不是。",
)


FORM = Text(
    "A layer is permute_dims, matmul, add, relu, and the transposed weight is the second operand of the product.",
    "一层依次是 permute_dims、matmul、add、relu，并且转置后的权重是乘法的第二个操作数。",
)


@dataclass(frozen=True)
class Stays:
    """A graph whose first layer fits and whose second does not.

    Attributes:
        more: operators of ``main`` besides those of the second layer.
        linear: whether the second layer without its ReLU is a layer that ``fuse_pattern`` groups.
    """

    where: Text
    sketch: Sketch
    hint: Text
    more: list[str]
    linear: bool = False


def shared(rng) -> list[Stays]:
    rows, width = sizes(rng, 2)
    shapes = {"x": (rows, width), "w0": (width, width), "b0": (width,), "w1": (width, width), "b1": (width,),
              "m": (rows, width), "v": (1, width)}  # fmt: skip
    layers = [*layer(0, "x"), *layer(1, "r0")]

    def stays(where, lines, result, hint, more=(), linear=False):
        return Stays(where, Sketch(shapes, lines, result), hint, list(more), linear)

    def changed(old, new):
        return [line.replace(old, new) for line in layers]

    twice, returned = (
        Text("{what} is read twice", "{what}被读取两次"),
        Text("{what} is returned as well", "{what}也被返回"),
    )
    inner = [("h1", Text("the product", "乘积"), "R.subtract(r1, h1)", "relax.subtract", False),
             ("s1", Text("the sum", "和"), "R.multiply(r1, s1)", "relax.multiply", True),
             ("t1", Text("the transposed weight", "转置后的权重"), "R.matmul(r1, t1)", "relax.matmul", False)]  # fmt: skip
    found = []
    for name, what, line, operator, linear in inner:
        lines = [*layers, f"out = {line}"]
        found.append(stays(twice.format(what=what), lines, "out", INNER, [operator], linear))
        found.append(stays(returned.format(what=what), layers, f"r1, {name}", INNER, linear=linear))
    where = Text("a matrix is added, not a bias", "加的是矩阵，不是偏置")
    found.append(stays(where, changed("b1", "m"), "r1", VECTOR))
    where = Text("a row of shape (1, n) is added", "加的是形状为 (1, n) 的行")
    found.append(stays(where, changed("b1", "v"), "r1", VECTOR))
    where = Text("another activation", "另一种激活函数")
    found.append(stays(where, changed("R.nn.relu(s1)", "R.sigmoid(s1)"), "r1", FORM, linear=True))
    where = Text("the first operand is the transposed one", "被转置的是第一个操作数")
    lines = changed("R.matmul(r0, t1)", "R.matmul(t1, r0)")
    found.append(Stays(where, Sketch({**shapes, "x": (width, width)}, lines, "r1"), FORM, []))
    return found


def groups(mod: IRModule) -> list[tuple[dict, list[str]]]:
    """Attributes and operators of each sub-function that ``main`` calls."""
    called = [str(site.target) for site in calls(mod, nested=False) if site.operator == "call"]
    functions = {name: graph(mod, name) for name in called}
    return [(dict(functions[n].attrs or {}), [s.operator for s in calls(functions[n], n)]) for n in called]


WHOLE = Text(
    "A group holds all operators of the layer, from permute_dims on, and there are no other groups.",
    "组内是该层的全部算子，从 permute_dims 开始；此外没有别的组。",
)


BOTH_SIDES = Text(
    "A layer was missed: the bias may stand on either side of the addition.", "漏掉了一层：偏置可能在加法的任一侧。"
)


def require_groups(mod: IRModule, wanted: list[list[str]], where: Text, hint: Text = WHOLE) -> None:
    found = [body for _, body in groups(mod)]
    shown = [listing([" ".join(n.removeprefix("relax.") for n in body) for body in each]) for each in (wanted, found)]
    require(sorted(found) == sorted(wanted), expected=shown[0], found=shown[1], where=where, hint=hint)


def refuses(call, each: Stays, linear: bool) -> None:
    """The layer that fits is a group; of the other, at most the part without ReLU."""
    mod = rewritten(call, each.sketch)
    stays = ["relax." + line.split("R.")[1].split("(")[0] for line in each.sketch.lines[4:8]]
    hint = each.hint
    if not groups(mod):
        hint = Text("The first layer fits and must be fused: see the first part.", "第一层应当融合：见第一项。")
    require_groups(mod, [GROUP, stays[:3]] if linear else [GROUP], each.where, hint)
    kept = ["call", *stays[3:]] if linear else stays
    require_calls(mod, ["call", *kept, *each.more], each.where, hint)


def fused(call, rng, relus: list[bool], bias_first: bool | None = None) -> tuple[Sketch, IRModule]:
    sketch = _layers(rng, relus, bias_first)
    mod = rewritten(call, sketch)
    where = Text(f"{len(relus)} layers", f"{len(relus)} 层")
    wanted = [GROUP if relu else GROUP[:3] for relu in relus]
    missed = bias_first is not None and not groups(mod)
    require_groups(mod, wanted, where, BOTH_SIDES if missed else WHOLE)
    hint = Text(
        "Everything is in a group. Operators left over are dead: `transform.DeadCodeElimination()` removes them.",
        "所有算子都应在组内。剩下的是死代码：用 `transform.DeadCodeElimination()` 删除。",
    )
    require_calls(mod, ["call"] * len(relus), where, hint)
    return sketch, mod
