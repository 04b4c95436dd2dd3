"""Checks and points of the exercises on graph optimization."""

import hashlib
import itertools
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from tvm import IRModule, relax, tirx
from tvm.ir import GenericConst, TupleGetItem

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.graphs import calls, graph, well_formed
from mlc_ref.checks.rewrites import case, leaves_the_given_module_alone, returned_module, rewritten_module
from mlc_ref.checks.sites import listing, reducing, sites
from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.graph_optimization.practice import Sketch, gated_network
from mlc_ref.graph_optimization.traffic import intermediates
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")
REFUSES = Text("left alone where it must be", "不该改的保持原样")


def _rewritten(call, sketch: Sketch, *rest) -> IRModule:
    """The module the answer makes of a graph."""
    return rewritten_module(call(sketch.module(), *rest), sketch.module())


def _leaves_alone(call, sketch: Sketch, *rest) -> None:
    leaves_the_given_module_alone(call, sketch.module(), *rest, same=sketch.module())


def _same_numbers(call, rng, mod: IRModule, sketch: Sketch) -> None:
    arrays = sketch.arrays(rng)
    hint = Text(
        "Run both modules on the same arrays with a Sketch of your own and compare.",
        "用自己写的 Sketch，对同样的数组运行改写前后的模块，再比较。",
    )
    expected = sketch.oracle(*arrays).astype("float32")
    arrays_match(call.module(mod, *arrays), expected, rtol=1e-3, atol=1e-3, hint=hint)


def _counted(names: list[str]) -> Text:
    return listing([f"{name} × {count}" for name, count in sorted(Counter(names).items())])


def _require_calls(mod: IRModule, wanted: list[str], where: Text, hint: Text) -> None:
    """``main`` makes these calls, in any order; ``call`` is a call of a sub-function."""
    found = [site.operator for site in calls(mod, nested=False)]
    same = Counter(found) == Counter(wanted)
    require(same, expected=_counted(wanted), found=_counted(found), where=where, hint=hint)


def _sizes(rng, count: int) -> list[int]:
    """Different sizes: equal ones hide which is which."""
    return [int(n) for n in rng.choice(np.arange(2, 40), size=count, replace=False)]


# A product and a difference.

multiply_subtract = Task("multiply_subtract", kind="program", title=Text("A product and a difference", "乘积与差"))


def _products(rng) -> tuple[Sketch, int]:
    """A chain of differences, each of a product with no other use, and their number."""
    lines, last, count = [], "x", int(rng.integers(2, 6))
    for i in range(count):
        factors = rng.permutation([last, rng.choice(["y", "z"] if i else ["x", "y", "z"])])
        third = rng.choice(["x", "y", "z", last])
        lines += [f"p{i} = R.multiply({factors[0]}, {factors[1]})", f"q{i} = R.subtract(p{i}, {third})"]
        last = f"q{i}"
    return Sketch(dict.fromkeys("xyz", tuple(_sizes(rng, int(rng.integers(1, 4))))), lines, last), count


_FITS = ["p = R.multiply(x, y)", "a = R.subtract(p, z)"]
_LEFT_SIDE = Text("Only a product on the left is rewritten.", "只改写乘积在左边的情形。")
_READ_ONCE = Text(
    "Something else needs the product too: `use_counts` tells how often a variable is read, and being returned is a read.",
    "别处还需要这个乘积：`use_counts` 给出变量被读取的次数，被返回也算一次读取。",
)
_ONE_SHAPE = Text(
    "All three must have the same sizes, not only the same number of them: compare `[int(n) for n in v.ty.shape]` "
    "of `x`, of `y` and of `z`.",
    "三者的每个长度都必须相同，只有维数相同还不够：比较 `x`、`y`、`z` 各自的 `[int(n) for n in v.ty.shape]`。",
)
_NO_PRODUCT = Text("What is subtracted from is no product.", "被减数不是乘积。")
_STAYS = [
    (Text("z - x * y", "z - x * y"), ["u = R.multiply(a, y)", "out = R.subtract(z, u)"], _LEFT_SIDE),
    (Text("a product read twice", "被读取两次的乘积"),
     ["u = R.multiply(a, y)", "d = R.subtract(u, z)", "out = R.add(d, u)"], _READ_ONCE),
    (Text("a product on both sides of the difference", "差的两边是同一个乘积"),
     ["u = R.multiply(a, y)", "out = R.subtract(u, u)"], _READ_ONCE),
    (Text("a product that is returned as well", "同时也被返回的乘积"),
     ["u = R.multiply(a, y)", "out = R.subtract(u, z)", "out, u"], _READ_ONCE),
    (Text("a sum, not a product", "是和而不是乘积"), ["u = R.add(a, y)", "out = R.subtract(u, z)"], _NO_PRODUCT),
    (Text("a sum after a product", "乘积之后是和"), ["u = R.multiply(a, y)", "out = R.add(u, z)"], _NO_PRODUCT),
    (Text("a broadcast row", "需要广播的一行"), ["u = R.multiply(a, y)", "out = R.subtract(u, row)"], _ONE_SHAPE),
    (Text("a row in the product", "乘积里有一行需要广播"),
     ["u = R.multiply(row, a)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("a row as second factor", "第二个因子是需要广播的一行"),
     ["u = R.multiply(a, row)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("a factor of shape (1, n)", "形状为 (1, n) 的因子"),
     ["u = R.multiply(wide, a)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("a second factor of shape (n, 1)", "第二个因子的形状为 (n, 1)"),
     ["u = R.multiply(a, tall)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("z of shape (1, n)", "z 的形状为 (1, n)"),
     ["u = R.multiply(a, y)", "out = R.subtract(u, wide)"], _ONE_SHAPE),
    (Text("two factors of shape (n, 1)", "两个因子的形状都是 (n, 1)"),
     ["u = R.multiply(tall, tall)", "out = R.subtract(u, a)"], _ONE_SHAPE),
    (Text("a constant factor", "因子是常量"),
     ['u = R.multiply(a, R.const(2.5, "float32"))', "out = R.subtract(u, z)"], _ONE_SHAPE),
]  # fmt: skip
_CLEAN = Text(
    "A product is still there, though nobody reads it: `transform.DeadCodeElimination()` removes it.",
    "乘积还在，尽管已无人读取：用 `transform.DeadCodeElimination()` 删除它。",
)
_NEVER = Text(
    "No pair was rewritten. If you compare shapes: `x.ty.shape == y.ty.shape` is always false, as it asks whether both "
    "are one object; compare the lists `[int(n) for n in x.ty.shape]`.",
    "一对也没有改写。如果你在比较形状：`x.ty.shape == y.ty.shape` 永远为假，因为它问的是两者是否同一个对象；"
    "请比较列表 `[int(n) for n in x.ty.shape]`。",
)
_EACH = Text("Each pair is one call of its own, and nothing else is rewritten.", "每一对各是一次调用，别的都不改写。")


def _paired(call, rng) -> tuple[Sketch, IRModule]:
    """A chain of pairs, and what the answer made of it: one call for each."""
    sketch, count = _products(rng)
    mod = _rewritten(call, sketch)
    found = Counter(site.operator for site in calls(mod, nested=False))
    hint = _EACH
    if "relax.call_tir" not in found:
        hint = _NEVER
    elif "relax.subtract" not in found and "relax.multiply" in found:
        hint = _CLEAN
    where = Text(f"{count} products and differences", f"{count} 组乘积与差")
    _require_calls(mod, ["relax.call_tir"] * count, where, hint)
    return sketch, mod


@multiply_subtract.run("rewritten", points=2, title=Text("one call for each pair", "每一对只剩一次调用"))
def _(call, rng):
    for _round in range(4):
        _paired(call, rng)
    _leaves_alone(call, _products(rng)[0])


@multiply_subtract.run("left", points=2, title=REFUSES)
def _(call, rng):
    rows, columns = _sizes(rng, 2)
    shapes = {**dict.fromkeys("xyz", (rows, columns)), "row": (columns,), "wide": (1, columns), "tall": (rows, 1)}
    for where, lines, hint in _STAYS:
        bound = [line for line in lines if "R." in line]
        stays = ["relax." + line.split("R.")[1].split("(")[0] for line in bound]
        with case(where, hint):
            mod = _rewritten(call, Sketch(shapes, [*_FITS, *bound], "out" if bound == lines else lines[-1]))
        if "relax.call_tir" not in [site.operator for site in calls(mod, nested=False)]:
            hint = Text(
                "The first pair, `x * y - z`, fits and must be rewritten: see the part before this one.",
                "第一对 `x * y - z` 应当改写：见前一项。",
            )
        _require_calls(mod, ["relax.call_tir", *stays], where, hint)


@multiply_subtract.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    for _round in range(2):
        sketch, mod = _paired(call, rng)
        _same_numbers(call, rng, mod, sketch)


# Groups.

fuse_layers = Task("fuse_layers", kind="program", title=Text("Layers as sub-functions", "把层变成子函数"))
_GROUP = ["relax.permute_dims", "relax.matmul", "relax.add", "relax.nn.relu"]


def _layer(number: int, source: str, *, relu: bool = True, bias_first: bool = False) -> list[str]:
    sides = f"b{number}, h{number}" if bias_first else f"h{number}, b{number}"
    lines = [f"t{number} = R.permute_dims(w{number})", f"h{number} = R.matmul({source}, t{number})",
             f"s{number} = R.add({sides})"]  # fmt: skip
    return [*lines, f"r{number} = R.nn.relu(s{number})"] if relu else lines


def _layers(rng, relus: list[bool], bias_first: bool | None = None) -> Sketch:
    """A network of linear layers of random sizes, the bias on a random side unless it is stated."""
    rows, *widths = _sizes(rng, len(relus) + 2)
    shapes, lines, last = {"x": (rows, widths[0])}, [], "x"
    for i, relu in enumerate(relus):
        shapes |= {f"w{i}": (widths[i + 1], widths[i]), f"b{i}": (widths[i + 1],)}
        lines += _layer(i, last, relu=relu, bias_first=bool(rng.integers(2)) if bias_first is None else bias_first)
        last = f"r{i}" if relu else f"s{i}"
    return Sketch(shapes, lines, last)


_INNER = Text(
    "Fuse only where nothing outside needs an inner value: `use_counts` tells how often a variable is read, and being "
    "returned is a read.",
    "只有内部的值不被外部需要时才融合：`use_counts` 给出变量被读取的次数，被返回也算一次读取。",
)
_VECTOR = Text(
    "A bias is a vector, of one dimension: `len(b.ty.shape) == 1`. A row of shape (1, n) is none.",
    "偏置是一维的向量：`len(b.ty.shape) == 1`。形状为 (1, n) 的行不是。",
)
_FORM = Text(
    "A layer is permute_dims, matmul, add, relu, and the transposed weight is the second operand of the product.",
    "一层依次是 permute_dims、matmul、add、relu，并且转置后的权重是乘法的第二个操作数。",
)


@dataclass(frozen=True)
class _Stays:
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


def _shared(rng) -> list[_Stays]:
    rows, width = _sizes(rng, 2)
    shapes = {"x": (rows, width), "w0": (width, width), "b0": (width,), "w1": (width, width), "b1": (width,),
              "m": (rows, width), "v": (1, width)}  # fmt: skip
    layers = [*_layer(0, "x"), *_layer(1, "r0")]

    def stays(where, lines, result, hint, more=(), linear=False):
        return _Stays(where, Sketch(shapes, lines, result), hint, list(more), linear)

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
        found.append(stays(twice.format(what=what), lines, "out", _INNER, [operator], linear))
        found.append(stays(returned.format(what=what), layers, f"r1, {name}", _INNER, linear=linear))
    where = Text("a matrix is added, not a bias", "加的是矩阵，不是偏置")
    found.append(stays(where, changed("b1", "m"), "r1", _VECTOR))
    where = Text("a row of shape (1, n) is added", "加的是形状为 (1, n) 的行")
    found.append(stays(where, changed("b1", "v"), "r1", _VECTOR))
    where = Text("the first operand is the transposed one", "被转置的是第一个操作数")
    lines = changed("R.matmul(r0, t1)", "R.matmul(t1, r0)")
    found.append(_Stays(where, Sketch({**shapes, "x": (width, width)}, lines, "r1"), _FORM, []))
    return found


def _groups(mod: IRModule) -> list[tuple[dict, list[str]]]:
    """Attributes and operators of each sub-function that ``main`` calls."""
    called = [str(site.target) for site in calls(mod, nested=False) if site.operator == "call"]
    functions = {name: graph(mod, name) for name in called}
    return [(dict(functions[n].attrs or {}), [s.operator for s in calls(functions[n], n)]) for n in called]


_WHOLE = Text(
    "A group holds all operators of the layer, from permute_dims on, and there are no other groups.",
    "组内是该层的全部算子，从 permute_dims 开始；此外没有别的组。",
)
_BOTH_SIDES = Text(
    "A layer was missed: the bias may stand on either side of the addition.", "漏掉了一层：偏置可能在加法的任一侧。"
)


def _require_groups(mod: IRModule, wanted: list[list[str]], where: Text, hint: Text = _WHOLE) -> None:
    found = [body for _, body in _groups(mod)]
    shown = [listing([" ".join(n.removeprefix("relax.") for n in body) for body in each]) for each in (wanted, found)]
    require(sorted(found) == sorted(wanted), expected=shown[0], found=shown[1], where=where, hint=hint)


def _require_primitive(mod: IRModule) -> None:
    """The sub-functions are marked as groups that become one kernel each."""
    for attrs, _ in _groups(mod):
        wanted = Text("the attribute Primitive", "属性 Primitive")
        hint = Text(
            "Build the sub-function with attrs={\"Primitive\": True}.",
            "构造子函数时写 attrs={\"Primitive\": True}。",
        )  # fmt: skip
        require(bool(attrs.get("Primitive")), expected=wanted, found=listing(sorted(attrs)), where="main", hint=hint)


def _refuses(call, each: _Stays, linear: bool) -> None:
    """The layer that fits is a group; of the other, at most the part without ReLU."""
    mod = _rewritten(call, each.sketch)
    stays = ["relax." + line.split("R.")[1].split("(")[0] for line in each.sketch.lines[4:8]]
    hint = each.hint
    if not _groups(mod):
        hint = Text("The first layer fits and must be fused: see the first part.", "第一层应当融合：见第一项。")
    _require_groups(mod, [_GROUP, stays[:3]] if linear else [_GROUP], each.where, hint)
    kept = ["call", *stays[3:]] if linear else stays
    _require_calls(mod, ["call", *kept, *each.more], each.where, hint)


def _fused(call, rng, relus: list[bool], bias_first: bool | None = None) -> tuple[Sketch, IRModule]:
    sketch = _layers(rng, relus, bias_first)
    mod = _rewritten(call, sketch)
    where = Text(f"{len(relus)} layers", f"{len(relus)} 层")
    wanted = [_GROUP if relu else _GROUP[:3] for relu in relus]
    missed = bias_first is not None and not _groups(mod)
    _require_groups(mod, wanted, where, _BOTH_SIDES if missed else _WHOLE)
    hint = Text(
        "Everything is in a group. Operators left over are dead: `transform.DeadCodeElimination()` removes them.",
        "所有算子都应在组内。剩下的是死代码：用 `transform.DeadCodeElimination()` 删除。",
    )
    _require_calls(mod, ["call"] * len(relus), where, hint)
    return sketch, mod


def _read_again(rng) -> Sketch:
    """Two layers, and the value of the first is read once more: nothing inside of it is."""
    rows, width = _sizes(rng, 2)
    shapes = {"x": (rows, width), "w0": (width, width), "b0": (width,), "w1": (width, width), "b1": (width,)}
    return Sketch(shapes, [*_layer(0, "x"), *_layer(1, "r0"), "out = R.subtract(r1, r0)"], "out")


@fuse_layers.run("groups", points=2, title=Text("a group for each layer", "每层一个组"))
def _(call, rng):
    for relus, bias_first in (([True] * int(rng.integers(2, 5)), None), ([True], False), ([True], True)):
        _, mod = _fused(call, rng, relus, bias_first)
        _require_primitive(mod)
    sketch, where = _read_again(rng), Text("the value of a layer is read twice", "一层的结果被读取两次")
    mod = _rewritten(call, sketch)
    hint = Text("The last value of a layer is no inner value.", "一层最后的值不是内部的值。")
    _require_groups(mod, [_GROUP, _GROUP], where, hint)
    _require_calls(mod, ["call", "call", "relax.subtract"], where, hint)
    _leaves_alone(call, sketch)


@fuse_layers.run("left", points=3, title=REFUSES)
def _(call, rng):
    for each in _shared(rng):
        _refuses(call, each, linear=False)
    sketch = _layers(rng, [True, False], bias_first=False)
    mod = _rewritten(call, sketch)
    where = Text("a layer without ReLU", "没有 ReLU 的层")
    hint = Text("Only layers with ReLU.", "只融合带 ReLU 的层。")
    _require_groups(mod, [_GROUP], where, hint)
    _require_calls(mod, ["call", *_GROUP[:3]], where, hint)


@fuse_layers.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    sketch, mod = _fused(call, rng, [True] * int(rng.integers(2, 4)), bias_first=False)
    _same_numbers(call, rng, mod, sketch)


# Dead code.

prune = Task(
    "prune",
    kind="program",
    title=Text("Dead code with known libraries", "已知库函数时的死代码消除"),
    externs={"lab.*": ""},
)
_TENSOR = 'ty_args=R.Tensor((3, 5), "float32")'


def _shown(value, known: dict) -> str:
    """A value with everything it is made of written out."""
    if isinstance(value, relax.Var):
        return known[value]
    if isinstance(value, relax.Call):
        return f"{callee_name(value)}({', '.join(_shown(a, known) for a in value.args)})"
    if isinstance(value, relax.Tuple):
        return f"({', '.join(_shown(f, known) for f in value.fields)})"
    if isinstance(value, TupleGetItem):
        return f"{_shown(value.tuple_value, known)}[{value.index}]"
    return type(value).__name__


def _of_a_length(text: str) -> str:
    """Short texts as they are; of a long one its end, and what tells it from others: a value may stand in it often."""
    return text if len(text) < 2_000 else f"{hashlib.sha256(text.encode()).hexdigest()[:20]}… {text[-100:]}"


def _steps(mod: IRModule) -> tuple[list[str], str]:
    """Every call, with its operands written out, in order; and the result."""
    func = graph(mod)
    known = {param: f"p{i}" for i, param in enumerate(func.params)}
    steps = []
    for binding in (b for block in func.body.blocks for b in block.bindings):
        known[binding.var] = _of_a_length(_shown(binding.value, known))
        if isinstance(binding.value, relax.Call):
            steps.append(known[binding.var])
    return steps, _shown(func.body.body, known)


@dataclass(frozen=True)
class _InParts(Sketch):
    """A sketch whose first ``inside`` lines stand in a dataflow block and the rest behind it."""

    inside: int = 0

    def module(self) -> IRModule:
        first, rest = self.lines[: self.inside], self.lines[self.inside :]
        if not first:
            return super().module()
        block = ["with R.dataflow():", *(f"    {line}" for line in first)]
        block.append(f"    R.output({', '.join(line.split(' = ')[0] for line in first)})")
        return Sketch(self.parameters, [*block, *rest], self.result, pure=False).module()


def _names(rng) -> tuple[list[str], list[str]]:
    """Library functions without effects, and such with one whose names begin or end like theirs."""
    words = [f"lab.{word}{int(rng.integers(10, 100))}" for word in ("noise", "scale")]
    return words, [f"{words[0]}_x", words[1][:-1], f"lab.log_{words[0][4:]}", f"lab.{words[1][5:]}"]


def _dead(rng, *, effects: bool, pure: bool, tuples: bool = False) -> tuple[_InParts, _InParts, list[str]]:
    """A graph, what must be left of it, and the names of library functions without effects.

    Args:
        effects: some library calls have effects.
        pure: no library calls at all, everything in one dataflow block.
        tuples: dead values are read by dead tuples.
    """
    harmless, noisy = _names(rng)
    live, lines, last, lost = [], [], "x", "y"
    split = int(rng.integers(1, 3))
    inside = [0, 0]
    for i in range(int(rng.integers(3, 6))):
        keep = [f"k{i} = R.{rng.choice(['tanh', 'sigmoid', 'nn.relu'] if i else ['exp'])}({last})"]
        gone = [f"d{i} = R.add({lost}, {last})"]
        if tuples:
            gone += [f"g{i} = (d{i}, {last})", f"f{i} = g{i}[0]"]
        lost = gone[-1].split(" = ")[0]
        if i == split and not pure:
            inside = [len(lines), len(live)]  # library calls stand in no dataflow block
        if i >= split and not pure:
            gone.append(f'e{i} = R.call_packed("{rng.choice(harmless)}", {lost}, {_TENSOR})')
        last, lost = f"k{i}", gone[-1].split(" = ")[0]
        if effects and i >= split:
            keep.append(f'h{i} = R.call_packed("{rng.choice(harmless)}", {last}, {_TENSOR})')
            keep += [f'_{i}{n} = R.call_packed("{name}", h{i}, {_TENSOR})' for n, name in enumerate(noisy)]
            keep.append(f"a{i} = _{i}{int(rng.integers(4))}")
            last = f"a{i}"
        lines += [*keep, *gone]
        live += keep
    shapes = dict.fromkeys("xy", (3, 5))
    full = _InParts(shapes, lines, last, pure=pure, inside=inside[0])
    return full, _InParts(shapes, live, last, pure=pure, inside=inside[1]), [*harmless, "lab.unused"]


_CHAIN = Text("Is something kept alive by a value that is dead itself?", "是否有值只被另一个死的值读取？")
_PURE = Text(
    "The call of a library function in `pure` whose result nobody needs is dead; it keeps nothing alive.",
    "对 `pure` 中库函数的调用，若结果无人需要，就是死代码；它也不能让别的值活着。",
)
_WHOLE_NAMES = Text(
    "Only a function whose whole name is in the list has no effect: compare with `in`.",
    "只有全名在列表中的函数才没有副作用：用 `in` 比较。",
)
_ALIVE = Text(
    "Needed are the result, every call with an effect, and whatever those read, through tuples and second names too.",
    "需要的是：结果、每个有副作用的调用，以及它们读取的一切，经过元组和别名读取的也算。",
)


def _pruned(call, full: Sketch, live: Sketch, names: list[str]) -> IRModule:
    value = returned_module(call(full.module(), names))
    well_formed(value)
    (found, result), (steps, expected) = _steps(value), _steps(live.module())
    extra, missing = Counter(found) - Counter(steps), Counter(steps) - Counter(found)
    none = Text("no call that nothing needs", "没有无人需要的调用")
    kept = any(step.startswith(f"{name}(") for step in extra for name in names)
    require(not extra, expected=none, found=_few(extra), hint=_PURE if kept else _CHAIN)
    libraries = {step.split("(")[0] for step in missing if step.startswith("lab.")} - set(names)
    hint = _WHOLE_NAMES if libraries else _ALIVE
    require(not missing, expected=_few(missing), found=Text("gone", "被删除了"), hint=hint)
    effects = [[s for s in each if s.startswith("lab.")] for each in (steps, found)]
    hint = Text("Keep the calls in the order in which they stood.", "保留的调用不改变先后次序。")
    require(effects[0] == effects[1], expected=_few(effects[0]), found=_few(effects[1]), hint=hint)
    hint = Text("Return the value that was returned before.", "返回值应与原来相同。")
    require(result == expected, expected=expected, found=result, where=Text("result", "结果"), hint=hint)
    return value


def _few(steps) -> Text:
    """Some calls, the shortest first, without what they read at length."""
    shown = sorted({step if len(step) < 60 else f"{step[:60]}…" for step in steps}, key=len)
    return listing(shown[:6] + ["…"] * (len(shown) > 6))


@prune.run("dead", points=2, title=Text("nothing dead is left", "没有剩下死代码"))
def _(call, rng):
    for tuples in (False, True, True):
        full, *rest = _dead(rng, effects=False, pure=False, tuples=tuples)
        _pruned(call, full, *rest)
    leaves_the_given_module_alone(call, full.module(), rest[-1], same=full.module())


@prune.run("effects", points=2, title=Text("effects stay, in order", "副作用保留，次序不变"))
def _(call, rng):
    for _round in range(3):
        _pruned(call, *_dead(rng, effects=True, pure=False))


@prune.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    full, live, names = _dead(rng, effects=False, pure=False)
    _same_numbers(call, rng, _pruned(call, full, live, names), live)
    _pruned(call, *_dead(rng, effects=False, pure=True))


# Constants.

fold_sums = Task("fold_sums", kind="program", title=Text("Constants that meet", "相遇的常量"))


def _number(rng) -> str:
    """A constant as it stands in a line, never 0 or 1, which leave things as they are."""
    return f'R.const({float(rng.choice([-1, 1]) * (rng.integers(3, 9) / 2))}, "float32")'


def _constant(rng, name: str, depth: int) -> tuple[list[str], str]:
    """Lines that compute a constant, and the expression that reads it."""
    if depth == 0:
        return [], _number(rng)
    left, right = (_constant(rng, f"{name}{side}", depth - 1) for side in "lr")
    operator = rng.choice(["add", "subtract", "multiply"])
    return [*left[0], *right[0], f"{name} = R.{operator}({left[1]}, {right[1]})"], name


def _sum_chain(rng, source: str, prefix: str, depths: list[int], sides: str = "") -> tuple[list[str], str]:
    """Additions of constants one after the other, each on a side: ``l``, ``r``, or a random one."""
    lines, last = [], source
    for i, depth in enumerate(depths):
        made, constant = _constant(rng, f"{prefix}c{i}", int(depth))
        left = sides[i] == "l" if sides else bool(rng.integers(2))
        both = (constant, last) if left else (last, constant)
        lines += [*made, f"{prefix}s{i} = R.add({', '.join(both)})"]
        last = f"{prefix}s{i}"
    return lines, last


def _long_chain(rng) -> Sketch:
    first, a = _sum_chain(rng, "x", "a", [int(d) for d in rng.integers(0, 3, size=int(rng.integers(3, 9)))])
    second, b = _sum_chain(rng, "m", "b", [1, *rng.integers(0, 2, size=int(rng.integers(2, 5)))])
    return Sketch(dict.fromkeys("xy", tuple(_sizes(rng, 2))), [*first, f"m = R.multiply({a}, y)", *second], b)


_MEET = Text(
    "(x + 2) + 3 is x + 5, whichever side the constants stand on.", "(x + 2) + 3 就是 x + 5，常量在哪一侧都一样。"
)
_BOUND = Text(
    "A variable may be bound to a constant: look it up before you decide what is constant.",
    "变量也可能绑定到常量：判断什么是常量之前先查一查。",
)
_LEFT_OVER = Text(
    "A call of constants alone is computed, and its result takes its place; what is dead then is removed.",
    "操作数全是常量的调用要算出来，用结果代替它；随后删除死代码。",
)
_OF_THE_SUM = Text("Each sum that is left holds one constant.", "剩下的每个和只含一个常量。")


def _folded(call, sketch: Sketch, wanted: list[str], where: Text, hint: Text = _MEET) -> IRModule:
    mod = _rewritten(call, sketch)
    _require_calls(mod, wanted, where, hint)
    named = {b.var: b.value for block in graph(mod).body.blocks for b in block.bindings}
    operands = [named.get(a, a) if isinstance(a, relax.Var) else a for site in calls(mod) for a in site.call.args]
    found = [a for a in operands if isinstance(a, GenericConst)]
    count = sum(name != "relax.multiply" for name in wanted) or 1
    number = Text(f"{count} constants", f"{count} 个常量")
    require(len(found) == count, expected=number, found=len(found), where=where, hint=_OF_THE_SUM)
    return mod


@fold_sums.run("two", points=2, title=Text("two constants meet", "两个常量相遇"))
def _(call, rng):
    formulas = {"rr": "(x + c) + d", "lr": "(c + x) + d", "rl": "d + (x + c)", "ll": "d + (c + x)"}
    for sides, formula in formulas.items():
        depths = [0, int(sides[0] == "l")]
        lines, last = _sum_chain(rng, "x", "a", depths, sides)
        where = Text.code(formula)
        sketch = Sketch({"x": tuple(_sizes(rng, 2))}, lines, last)
        _folded(call, sketch, ["relax.add"], where, _BOUND if depths[1] else _MEET)
    _leaves_alone(call, sketch)
    for line, operator in (("R.multiply({}, x)", "multiply"), ("R.subtract({}, x)", "subtract")):
        made, constant = _constant(rng, "c", int(rng.integers(1, 3)))
        sketch = Sketch({"x": tuple(_sizes(rng, 2))}, [*made, f"out = {line.format(constant)}"], "out")
        where = Text("constants alone", "操作数全是常量")
        _folded(call, sketch, [f"relax.{operator}"], where, _LEFT_OVER)


@fold_sums.run("longer", points=2, title=Text("longer chains", "更长的链"))
def _(call, rng):
    for _round in range(3):
        where = Text("(x + … + c) * y + … + d", "(x + … + c) * y + … + d")
        _folded(call, _long_chain(rng), ["relax.add", "relax.multiply", "relax.add"], where)


# What meets here is no sum of two constants; each line alone is a mistake that somebody makes.
_OTHERS = {
    "(x + c) * d": ["s = R.add(x, {0})", "out = R.multiply(s, {1})"],
    "d * (c + x)": ["s = R.add({0}, x)", "out = R.multiply({1}, s)"],
    "(x * c) + d": ["s = R.multiply(x, {0})", "out = R.add(s, {1})"],
    "(x * c) * d": ["s = R.multiply(x, {0})", "out = R.multiply(s, {1})"],
    "(x - c) + d": ["s = R.subtract(x, {0})", "out = R.add(s, {1})"],
    "d + (c - x)": ["s = R.subtract({0}, x)", "out = R.add({1}, s)"],
    "(x + c) - d": ["s = R.add(x, {0})", "out = R.subtract(s, {1})"],
    "d - (x + c)": ["s = R.add(x, {0})", "out = R.subtract({1}, s)"],
    "(x - c) - d": ["s = R.subtract(x, {0})", "out = R.subtract(s, {1})"],
    "d - (c - x)": ["s = R.subtract({0}, x)", "out = R.subtract({1}, s)"],
    "(x + c) + (y + d)": ["s = R.add(x, {0})", "t = R.add(y, {1})", "out = R.add(s, t)"],
    "(x + y) + d": ["s = R.add(x, y)", "out = R.add(s, {1})"],
    "x + c": ["out = R.add(x, {0})"],
}


_EXACT = Text(
    "Only two sums join: where a product or a difference stands between, the constants stay apart, unless the formula "
    "is computed anew. A sum that is read elsewhere keeps its value.",
    "只有两个和能合并：中间隔着乘积或差时，常量要保持分开，除非重新推导公式。别处还要读取的和，值不变。",
)


@fold_sums.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    sketch = _long_chain(rng)
    mod = _folded(call, sketch, ["relax.add", "relax.multiply", "relax.add"], Text("main", "main"))
    _same_numbers(call, rng, mod, sketch)
    lines, last = _sum_chain(rng, "x", "a", [0, 1, 0])
    lines.append(f"out = R.multiply(as0, {last})")
    results = {"x + … + c": last, "(x + c) * (x + … + c)": "out"}
    for number, (formula, template) in enumerate(_OTHERS.items()):
        constants = [_number(rng) for _ in range(2)]
        lines += [re.sub(r"\b(s|t|out)\b", rf"\g<1>_{number}", line.format(*constants)) for line in template]
        results[formula] = f"out_{number}"
    _each_in_its_row(call, rng, lines, results)


def _each_in_its_row(call, rng, lines: list[str], results: dict[str, str]) -> None:
    """One graph computes all formulas and returns a row of each: what is wrong is known by its row."""
    rows, (columns,) = len(results), _sizes(rng, 1)
    shapes = {**dict.fromkeys("xy", (rows, columns)), **{f"row_{name}": (rows, 1) for name in results.values()}}
    lines, total = [*lines], ""
    for name in results.values():
        lines.append(f"kept_{name} = R.multiply({name}, row_{name})")
        if total:
            lines.append(f"total_{name} = R.add({total}, kept_{name})")
        total = f"total_{name}" if total else f"kept_{name}"
    sketch = Sketch(shapes, lines, total)
    mod, arrays = _rewritten(call, sketch), sketch.arrays(rng)
    arrays[2:] = [np.eye(rows, dtype="float32")[:, i : i + 1] for i in range(rows)]
    found, expected = call.module(mod, *arrays), sketch.oracle(*arrays).astype("float32")
    for row, formula in enumerate(results):
        arrays_match(found[row], expected[row], rtol=1e-3, atol=1e-3, where=formula, hint=_EXACT)


# The fusion as a pattern.

fuse_pattern = Task("fuse_pattern", kind="program", title=Text("The fusion as a pattern", "用模式实现融合"))


@fuse_pattern.run("groups", points=2, title=Text("named groups, the longest first", "带名字的组，长者优先"))
def _(call, rng):
    sides = [(relu, first) for relu in (True, False) for first in (True, False)]
    for relus, bias_first in ([True, True, False], None), ([False, True], None), *(([r], f) for r, f in sides):
        sketch, mod = _fused(call, rng, relus, bias_first)
        found = [str(attrs.get("Composite")) for attrs, _ in _groups(mod)]
        wanted = ["lab.linear_relu" if relu else "lab.linear" for relu in relus]
        where = Text("attribute Composite", "属性 Composite")
        hint = Text("The name of the pattern becomes the attribute.", "模式的名字就是这个属性的值。")
        require(found == wanted, expected=listing(wanted), found=listing(found), where=where, hint=hint)
    _leaves_alone(call, sketch)


@fuse_pattern.run("left", points=2, title=REFUSES)
def _(call, rng):
    for each in _shared(rng):
        # A sum that is read twice ends a layer: permute_dims, matmul and add are a group without ReLU.
        _refuses(call, each, linear=each.linear)


@fuse_pattern.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    sketch, mod = _fused(call, rng, [True, False])
    _same_numbers(call, rng, mod, sketch)


# One tensor program.

lower_to_one = Task("lower_to_one", kind="program", title=Text("One tensor program", "一个张量程序"))


def _network(rng) -> tuple[Sketch, int]:
    """Layers with gates between them, more than ``FuseOps`` puts together, and the number of matrix products."""
    rows, *widths = _sizes(rng, int(rng.integers(3, 6)))
    shapes, lines, last = {"x": (rows, widths[0]), "unused": tuple(_sizes(rng, 2))}, [], "x"
    for i, (inputs, outputs) in enumerate(itertools.pairwise(widths)):
        shapes |= {f"w{i}": (inputs, outputs), f"b{i}": (outputs,), f"g{i}": (rows, outputs)}
        lines += [f"h{i} = R.matmul({last}, w{i})", f"s{i} = R.add(h{i}, b{i})"]
        last = f"s{i}"
        gates = [
            f"R.multiply(@, g{i})",
            "R.nn.relu(@)",
            f"R.subtract(@, s{i})",
            f"R.add(g{i}, @)",
            f"R.subtract(g{i}, @)",
        ]
        for n, gate in enumerate(rng.permutation(gates)[: rng.integers(1, 4)]):
            lines.append(f"e{i}_{n} = {str(gate).replace('@', last)}")
            last = f"e{i}_{n}"
        lines.append(f"a{i} = R.{rng.choice(['tanh', 'sigmoid'])}({last})")
        last = f"a{i}"
    return Sketch(shapes, lines, last), len(widths) - 1


_LEFT = Text(
    "Operators are left: `LegalizeOps` makes tensor programs of them.", "还有算子：`LegalizeOps` 把它们变成张量程序。"
)
_GROUPED = Text(
    "The group is still a graph: `FuseTIR` makes one program of it.", "组还是计算图：`FuseTIR` 把它变成一个程序。"
)
_ALL = Text(
    "`FuseOps` never puts two matrix products together: make one group of the whole of `main` yourself.",
    "`FuseOps` 从不把两个矩阵乘法放在一起：请自己把整个 `main` 作为一个组。",
)
_UNUSED = Text(
    "Functions that nobody calls any more are not part of the result: DeadCodeElimination removes them.",
    "不再被调用的函数不属于结果：用 DeadCodeElimination 删除它们。",
)


def _in_one(call, rng) -> tuple[Sketch, IRModule]:
    sketch, products = _network(rng)
    mod = _rewritten(call, sketch)
    found = {site.operator for site in calls(mod, nested=False)}
    hint = _GROUPED if "call" in found else _LEFT if found - {"relax.call_tir"} else _ALL
    _require_calls(mod, ["relax.call_tir"], Text.code("main"), hint)
    programs = [f for _, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)]
    graphs = len(list(mod.functions_items())) - len(programs)
    wanted = Text("one graph and one tensor program", "一个计算图和一个张量程序")
    shown = Text(f"{graphs} graphs and {len(programs)} programs", f"{graphs} 个计算图和 {len(programs)} 个程序")
    require(graphs == len(programs) == 1, expected=wanted, found=shown, hint=_UNUSED)
    sums = sum(reducing(site) for site in sites(programs[0]))
    wanted = Text("a program with all matrix products", "含有全部矩阵乘法的程序")
    shown = Text(f"{sums} blocks that sum, of {products}", f"{sums} 个求和的块，应有 {products} 个")
    hint = Text("The program computes all that main did.", "程序要算出 main 原来计算的全部。")
    require(sums >= products, expected=wanted, found=shown, hint=hint)
    return sketch, mod


@lower_to_one.run("one", points=3, title=Text("one call of one program", "对一个程序的一次调用"))
def _(call, rng):
    for _round in range(3):
        sketch, _ = _in_one(call, rng)
    _leaves_alone(call, sketch)


@lower_to_one.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    sketch, mod = _in_one(call, rng)
    _same_numbers(call, rng, mod, sketch)


# A pipeline.

pipeline = Task("pipeline", kind="program", title=Text("A pipeline with a bound", "满足上界的流水线"))


def _given(rng) -> tuple[IRModule, IRModule, Sketch, list]:
    """A gated network of random sizes with its weights bound, twice, and the arrays."""
    sketch = gated_network(*_sizes(rng, 4))
    arrays = sketch.arrays(rng)
    weights = dict(zip(list(sketch.parameters)[1:], arrays[1:], strict=True))
    return bind_weights(sketch.module(), weights), bind_weights(sketch.module(), weights), sketch, arrays


_INSIDE = Text(
    "Most bytes are buffers inside of the programs: merge the loops of each, so that a buffer holds what one iteration needs.",
    "大部分字节是程序内部的缓冲区：把每个程序的循环合并，缓冲区就只放一次迭代所需的值。",
)
_BETWEEN = Text(
    "Most bytes are values between calls: fewer, larger groups have fewer of them.",
    "大部分字节是调用之间的值：组少而大，这样的值就少。",
)
_TWICE = Text(
    "Look at the graph after each pass: what is computed twice, and at which step can that still be seen?",
    "逐个 Pass 查看计算图：什么被算了两次？在哪一步还看得出来？",
)
_LOWER = Text(
    "Groups and operators must become tensor programs: see the section on lowering.",
    "组和算子都要变成张量程序：见“下降到张量程序”一节。",
)


def _piped(call, rng, first: bool) -> None:
    """What the answer makes of a gated network with its weights bound: within a bound, with right numbers."""
    given, same, sketch, arrays = _given(rng)
    rows, hidden = sketch.parameters["x"][0], sketch.parameters["w0"][0]
    mod = rewritten_module(call(given), same)
    others = [str(site) for site in calls(mod, nested=False) if site.operator != "relax.call_tir"]
    only = Text("calls of tensor programs alone, none of a sub-function", "只有张量程序的调用，没有子函数的调用")
    require(not others, expected=only, found=listing(sorted(set(others))), where="main", hint=_LOWER)
    value = rows * hidden * 4
    limit = 3 * value if first else value + 64
    counted = intermediates(mod)
    hidden_calls = len(calls(mod, nested=False)) - counted.calls
    require(not hidden_calls, expected=Text("a main without branches", "没有分支的 main"), found=hidden_calls)
    hint = _INSIDE if counted.inside > value else _BETWEEN if first else _TWICE
    wanted = Text(f"at most {limit} bytes of intermediate values", f"中间值至多 {limit} 字节")
    shown = Text(
        f"{counted.total} bytes: {counted.between} between calls, {counted.inside} inside of programs",
        f"{counted.total} 字节：调用之间 {counted.between}，程序内部 {counted.inside}",
    )
    where = f"rows={rows}, hidden={hidden}"
    require(counted.total <= limit, expected=wanted, found=shown, where=where, hint=hint)
    # A program that computes something else may be as small as it likes.
    found = call.module(mod, np.ascontiguousarray(arrays[0]))
    arrays_match(found, sketch.oracle(*arrays).astype("float32"), rtol=1e-3, atol=1e-3, where=where)


@pipeline.run("first", points=2, title=Text("first bound", "第一个上界"))
def _(call, rng):
    _piped(call, rng, first=True)
    given, same, *_ = _given(rng)
    leaves_the_given_module_alone(call, given, same=same)


@pipeline.run("second", points=2, title=Text("second bound", "第二个上界"))
def _(call, rng):
    _piped(call, rng, first=False)


@pipeline.run("numbers", points=1, title=Text("right numbers within the first bound", "在第一个上界内数值正确"))
def _(call, rng):
    for _round in range(2):
        _piped(call, rng, first=True)


TASKS = [multiply_subtract, fuse_layers, prune, fold_sums, fuse_pattern, lower_to_one, pipeline]
