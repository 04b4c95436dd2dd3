"""Checks and points of the exercises on graph optimization."""

import hashlib
from collections import Counter

import numpy as np
from tvm import IRModule, relax, tirx
from tvm.ir import GenericConst, TupleGetItem

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, graph, well_formed
from mlc_ref.checks.sites import listing, reducing, sites
from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.graph_optimization.practice import Sketch, gated_network
from mlc_ref.graph_optimization.traffic import intermediates
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")
REFUSES = Text("left alone where it must be", "不该改的保持原样")
_RETURN = Text("Does every path of the function end in `return`?", "函数的每条路径是否都以 `return` 结束？")


def _rewritten(call, sketch: Sketch, *rest) -> IRModule:
    """The module the answer makes of a graph."""
    return _sound(call(sketch.module(), *rest), sketch.module())


def _sound(value, given: IRModule) -> IRModule:
    """A module of the learner whose ``main`` takes and returns what the given one does."""
    wanted = Text("a function that returns an IRModule", "一个返回 IRModule 的函数")
    require(isinstance(value, IRModule), expected=wanted, found=type(value).__name__, hint=_RETURN)
    found, expected = _signature(graph(value)), _signature(graph(given))
    hint = Text("Change the given module; do not make one of your own.", "请改写给定的模块，不要另造一个。")
    require(found == expected, expected=expected, found=found, where=Text("main", "main"), hint=hint)
    well_formed(value)
    no_extern_calls(value)
    return value


def _signature(func: relax.Function) -> str:
    return f"({', '.join(str(p.ty) for p in func.params)}) -> {func.ret_ty}"


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
    return [int(n) for n in rng.integers(2, 9, size=count)]


# A product and a difference.

multiply_subtract = Task("multiply_subtract", kind="program", title=Text("A product and a difference", "乘积与差"))


def _products(rng) -> tuple[Sketch, int]:
    """A chain of differences, each of a product with no other use, and their number."""
    lines, last, count = [], "x", int(rng.integers(2, 5))
    for i in range(count):
        factors = rng.permutation([last, rng.choice(["y", "z"])])
        third = rng.choice(["x", "y", "z"])
        lines += [f"p{i} = R.multiply({factors[0]}, {factors[1]})", f"q{i} = R.subtract(p{i}, {third})"]
        last = f"q{i}"
    return Sketch(dict.fromkeys("xyz", tuple(_sizes(rng, 2))), lines, last), count


_FITS = ["p = R.multiply(x, y)", "a = R.subtract(p, z)"]
_STAYS = {
    Text("z - x * y", "z - x * y"): ["u = R.multiply(a, y)", "out = R.subtract(z, u)"],
    Text("a product read twice", "被读取两次的乘积"): [
        "u = R.multiply(a, y)", "d = R.subtract(u, z)", "out = R.add(d, u)",
    ],
    Text("a broadcast row", "需要广播的一行"): ["u = R.multiply(a, y)", "out = R.subtract(u, row)"],
    Text("a row in the product", "乘积里有一行需要广播"): ["u = R.multiply(row, a)", "out = R.subtract(u, z)"],
    Text("a sum, not a product", "是和而不是乘积"): ["u = R.add(a, y)", "out = R.subtract(u, z)"],
}  # fmt: skip


def _paired(call, rng) -> tuple[Sketch, IRModule]:
    """A chain of pairs, and what the answer made of it: one call for each."""
    sketch, count = _products(rng)
    mod = _rewritten(call, sketch)
    hint = Text(
        "Each pair is one call of its own; is a product still there, though nobody reads it?",
        "每一对各是一次调用；乘积是否还在，尽管已无人读取？",
    )
    where = Text(f"{count} products and differences", f"{count} 组乘积与差")
    _require_calls(mod, ["relax.call_tir"] * count, where, hint)
    return sketch, mod


@multiply_subtract.run("rewritten", points=2, title=Text("one call for each pair", "每一对只剩一次调用"))
def _(call, rng):
    for _round in range(3):
        _paired(call, rng)


@multiply_subtract.run("left", points=2, title=REFUSES)
def _(call, rng):
    rows, columns = _sizes(rng, 2)
    shapes = {**dict.fromkeys("xyz", (rows, columns)), "row": (columns,)}
    for where, lines in _STAYS.items():
        stays = ["relax." + line.split("R.")[1].split("(")[0] for line in lines]
        hint = Text("The pair before it fits, this one does not.", "前面一对可以改写，这一对不可以。")
        mod = _rewritten(call, Sketch(shapes, [*_FITS, *lines], "out"))
        _require_calls(mod, ["relax.call_tir", *stays], where, hint)


@multiply_subtract.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
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


def _layers(rng, relus: list[bool]) -> Sketch:
    """A network of linear layers of random sizes, the bias on a random side."""
    rows, *widths = _sizes(rng, len(relus) + 2)
    shapes, lines, last = {"x": (rows, widths[0])}, [], "x"
    for i, relu in enumerate(relus):
        shapes |= {f"w{i}": (widths[i + 1], widths[i]), f"b{i}": (widths[i + 1],)}
        lines += _layer(i, last, relu=relu, bias_first=bool(rng.integers(2)))
        last = f"r{i}" if relu else f"s{i}"
    return Sketch(shapes, lines, last)


def _shared(rng) -> dict[Text, tuple[Sketch, list[str]]]:
    """Graphs whose first layer fits and whose second does not, and the operators that must stay."""
    rows, width = _sizes(rng, 2)
    shapes = {"x": (rows, width), "w0": (width, width), "b0": (width,), "w1": (width, width), "b1": (width,),
              "m": (rows, width)}  # fmt: skip
    layers = [*_layer(0, "x"), *_layer(1, "r0")]
    uses = {
        Text("the product is read twice", "乘积被读取两次"): ("out = R.subtract(r1, h1)", "relax.subtract"),
        Text("the sum is read twice", "和被读取两次"): ("out = R.multiply(r1, s1)", "relax.multiply"),
        Text("the transposed weight is read twice", "转置后的权重被读取两次"): (
            "out = R.matmul(r1, t1)", "relax.matmul",
        ),
    }  # fmt: skip
    found = {where: (Sketch(shapes, [*layers, line], "out"), [*_GROUP, name]) for where, (line, name) in uses.items()}
    matrix = [line.replace("b1", "m") for line in layers]
    found[Text("a matrix is added, not a bias", "加的是矩阵，不是偏置")] = (Sketch(shapes, matrix, "r1"), _GROUP)
    return found


def _groups(mod: IRModule) -> list[tuple[dict, list[str]]]:
    """Attributes and operators of each sub-function that ``main`` calls."""
    called = [str(site.target) for site in calls(mod, nested=False) if site.operator == "call"]
    functions = {name: graph(mod, name) for name in called}
    return [(dict(functions[n].attrs or {}), [s.operator for s in calls(functions[n], n)]) for n in called]


def _require_groups(mod: IRModule, wanted: list[list[str]], where: Text) -> None:
    found = [body for _, body in _groups(mod)]
    shown = [listing([" ".join(n.removeprefix("relax.") for n in body) for body in each]) for each in (wanted, found)]
    hint = Text(
        "A group holds all operators of the layer, from permute_dims on, and there are no other groups.",
        "组内是该层的全部算子，从 permute_dims 开始；此外没有别的组。",
    )
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


def _refuses(call, rng) -> None:
    for where, (sketch, stays) in _shared(rng).items():
        mod = _rewritten(call, sketch)
        _require_groups(mod, [_GROUP], where)
        _require_primitive(mod)
        hint = Text("Fuse only where nothing outside needs an inner value.", "只有内部的值不被外部需要时才融合。")
        _require_calls(mod, ["call", *stays], where, hint)


def _fused(call, rng, relus: list[bool]) -> tuple[Sketch, IRModule]:
    sketch = _layers(rng, relus)
    mod = _rewritten(call, sketch)
    where = Text(f"{len(relus)} layers", f"{len(relus)} 层")
    _require_groups(mod, [_GROUP if relu else _GROUP[:3] for relu in relus], where)
    hint = Text("Everything is in a group.", "所有算子都应在组内。")
    _require_calls(mod, ["call"] * len(relus), where, hint)
    return sketch, mod


@fuse_layers.run("groups", points=2, title=Text("a group for each layer", "每层一个组"))
def _(call, rng):
    for layers in (1, 3):
        _, mod = _fused(call, rng, [True] * layers)
        _require_primitive(mod)


@fuse_layers.run("left", points=3, title=REFUSES)
def _(call, rng):
    _refuses(call, rng)
    sketch = _layers(rng, [True, False])
    mod = _rewritten(call, sketch)
    where = Text("a layer without ReLU", "没有 ReLU 的层")
    _require_groups(mod, [_GROUP], where)
    _require_calls(mod, ["call", *_GROUP[:3]], where, Text("Only layers with ReLU.", "只融合带 ReLU 的层。"))


@fuse_layers.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    sketch, mod = _fused(call, rng, [True, True])
    _require_primitive(mod)
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


def _dead(rng, *, effects: bool, pure: bool) -> tuple[Sketch, Sketch, list[str]]:
    """A graph, what must be left of it, and the names of library functions without effects."""
    harmless, noisy = (f"lab.{word}{rng.integers(100)}" for word in ("noise", "log"))
    live, lines, last, lost = [], [], "x", "y"
    for i in range(int(rng.integers(2, 5))):
        keep = f"k{i} = R.{rng.choice(['exp', 'tanh', 'sigmoid'])}({last})"
        gone = [f"d{i} = R.add({lost}, {last})"]
        if not pure:
            gone.append(f'e{i} = R.call_packed("{harmless}", d{i}, {_TENSOR})')
        last, lost = f"k{i}", gone[-1].split(" = ")[0]
        lines += [keep, *gone]
        live.append(keep)
        if effects:
            need = [f"n{i} = R.nn.relu({last})", f'_{i} = R.call_packed("{noisy}", n{i}, {_TENSOR})']
            lines += need
            live += need
    shapes = dict.fromkeys("xy", (3, 5))
    return Sketch(shapes, lines, last, pure=pure), Sketch(shapes, live, last, pure=pure), [harmless]


def _pruned(call, full: Sketch, live: Sketch, names: list[str]) -> IRModule:
    value = call(full.module(), names)
    wanted = Text("a function that returns an IRModule", "一个返回 IRModule 的函数")
    require(isinstance(value, IRModule), expected=wanted, found=type(value).__name__, hint=_RETURN)
    well_formed(value)
    (found, result), (steps, expected) = _steps(value), _steps(live.module())
    extra, missing = Counter(found) - Counter(steps), Counter(steps) - Counter(found)
    none = Text("no call that nothing needs", "没有无人需要的调用")
    hint = Text("Is something kept alive by a value that is dead itself?", "是否有值只被另一个死的值读取？")
    require(not extra, expected=none, found=listing(sorted(extra)), hint=hint)
    hint = Text(
        "Needed are the result, every call with an effect, and whatever those read.",
        "需要的是：结果、每个有副作用的调用，以及它们读取的一切。",
    )
    require(not missing, expected=listing(sorted(missing)), found=Text("gone", "被删除了"), hint=hint)
    effects = [[s for s in each if s.startswith("lab.")] for each in (steps, found)]
    hint = Text("Keep the calls in the order in which they stood.", "保留的调用不改变先后次序。")
    require(effects[0] == effects[1], expected=listing(effects[0]), found=listing(effects[1]), hint=hint)
    hint = Text("Return the value that was returned before.", "返回值应与原来相同。")
    require(result == expected, expected=expected, found=result, where=Text("result", "结果"), hint=hint)
    return value


@prune.run("dead", points=2, title=Text("nothing dead is left", "没有剩下死代码"))
def _(call, rng):
    for _round in range(3):
        _pruned(call, *_dead(rng, effects=False, pure=False))


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


def _constant(rng, name: str, depth: int) -> tuple[list[str], str]:
    """Lines that compute a constant, and the expression that reads it."""
    if depth == 0:
        return [], f'R.const({float(rng.integers(1, 9)) / 2}, "float32")'
    left, right = (_constant(rng, f"{name}{side}", depth - 1) for side in "lr")
    operator = rng.choice(["add", "subtract", "multiply"])
    return [*left[0], *right[0], f"{name} = R.{operator}({left[1]}, {right[1]})"], name


def _sum_chain(rng, source: str, prefix: str, depths: list[int]) -> tuple[list[str], str]:
    """Additions of constants one after the other, each on a random side."""
    lines, last = [], source
    for i, depth in enumerate(depths):
        made, constant = _constant(rng, f"{prefix}c{i}", depth)
        sides = rng.permutation([last, constant])
        lines += [*made, f"{prefix}s{i} = R.add({sides[0]}, {sides[1]})"]
        last = f"{prefix}s{i}"
    return lines, last


def _long_chain(rng) -> Sketch:
    first, a = _sum_chain(rng, "x", "a", [int(d) for d in rng.integers(0, 3, size=int(rng.integers(3, 6)))])
    second, b = _sum_chain(rng, "m", "b", [1, *rng.integers(0, 2, size=2)])
    return Sketch(dict.fromkeys("xy", tuple(_sizes(rng, 2))), [*first, f"m = R.multiply({a}, y)", *second], b)


def _folded(call, sketch: Sketch, wanted: list[str], where: Text) -> IRModule:
    mod = _rewritten(call, sketch)
    hint = Text(
        "(x + 2) + 3 is x + 5, whichever side the constants stand on.", "(x + 2) + 3 就是 x + 5，常量在哪一侧都一样。"
    )
    _require_calls(mod, wanted, where, hint)
    named = {b.var: b.value for block in graph(mod).body.blocks for b in block.bindings}
    operands = [named.get(a, a) if isinstance(a, relax.Var) else a for site in calls(mod) for a in site.call.args]
    found = [a for a in operands if isinstance(a, GenericConst)]
    count = wanted.count("relax.add")
    number = Text(f"{count} constants", f"{count} 个常量")
    hint = Text("Each sum that is left holds one constant.", "剩下的每个和只含一个常量。")
    require(len(found) == count, expected=number, found=len(found), where=where, hint=hint)
    return mod


@fold_sums.run("two", points=2, title=Text("two constants meet", "两个常量相遇"))
def _(call, rng):
    for _round in range(4):
        lines, last = _sum_chain(rng, "x", "a", [0, 1])
        sketch = Sketch({"x": tuple(_sizes(rng, 2))}, lines, last)
        _folded(call, sketch, ["relax.add"], Text("(x + c) + d", "(x + c) + d"))


@fold_sums.run("longer", points=2, title=Text("longer chains", "更长的链"))
def _(call, rng):
    for _round in range(3):
        where = Text("(x + … + c) * y + … + d", "(x + … + c) * y + … + d")
        _folded(call, _long_chain(rng), ["relax.add", "relax.multiply", "relax.add"], where)


@fold_sums.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    sketch = _long_chain(rng)
    mod = _folded(call, sketch, ["relax.add", "relax.multiply", "relax.add"], Text("main", "main"))
    _same_numbers(call, rng, mod, sketch)
    lines, last = _sum_chain(rng, "x", "a", [0, 1])
    shared = Sketch({"x": (4, 3)}, [*lines, f"out = R.multiply(as0, {last})"], "out")
    _same_numbers(call, rng, _rewritten(call, shared), shared)


# The fusion as a pattern.

fuse_pattern = Task("fuse_pattern", kind="program", title=Text("The fusion as a pattern", "用模式实现融合"))


@fuse_pattern.run("groups", points=2, title=Text("named groups, the longest first", "带名字的组，长者优先"))
def _(call, rng):
    for relus in ([True], [False, True], [True, True, False]):
        _, mod = _fused(call, rng, relus)
        found = [str(attrs.get("Composite")) for attrs, _ in _groups(mod)]
        wanted = ["lab.linear_relu" if relu else "lab.linear" for relu in relus]
        where = Text("attribute Composite", "属性 Composite")
        hint = Text("The name of the pattern becomes the attribute.", "模式的名字就是这个属性的值。")
        require(found == wanted, expected=listing(wanted), found=listing(found), where=where, hint=hint)


@fuse_pattern.run("left", points=2, title=REFUSES)
def _(call, rng):
    cases = _shared(rng)
    for where, (sketch, stays) in cases.items():
        mod = _rewritten(call, sketch)
        # A sum that is read twice ends a layer: permute_dims, matmul and add are a group without ReLU.
        linear = where.en.startswith("the sum")
        _require_groups(mod, [_GROUP, _GROUP[:3]] if linear else [_GROUP], where)
        kept = ["relax.nn.relu", stays[-1]] if linear else stays
        hint = Text("Fuse only where nothing outside needs an inner value.", "只有内部的值不被外部需要时才融合。")
        _require_calls(mod, ["call", "call", *kept] if linear else ["call", *kept], where, hint)


@fuse_pattern.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    sketch, mod = _fused(call, rng, [True, False])
    _same_numbers(call, rng, mod, sketch)


# One tensor program.

lower_to_one = Task("lower_to_one", kind="program", title=Text("One tensor program", "一个张量程序"))


def _network(rng) -> Sketch:
    """Two layers with a residual gate between them: more than ``FuseOps`` puts together."""
    rows, inputs, hidden, outputs = _sizes(rng, 4)
    activation = rng.choice(["tanh", "sigmoid", "nn.relu"])
    shapes = {
        "x": (rows, inputs),
        "w0": (inputs, hidden),
        "b0": (hidden,),
        "w1": (hidden, outputs),
        "g": (rows, hidden),
    }
    lines = ["h = R.matmul(x, w0)", "s = R.add(h, b0)", f"a = R.{activation}(s)", "m = R.multiply(a, g)",
             "k = R.subtract(m, s)", "out = R.matmul(k, w1)"]  # fmt: skip
    return Sketch(shapes, lines, "out")


def _in_one(call, rng) -> tuple[Sketch, IRModule]:
    sketch = _network(rng)
    mod = _rewritten(call, sketch)
    _require_calls(
        mod, ["relax.call_tir"], Text("main", "main"), Text("One group of everything.", "把所有算子作为一个组。")
    )
    kinds = Counter("tensor program" if isinstance(f, tirx.PrimFunc) else "graph" for _, f in mod.functions_items())
    wanted = Text("one graph and one tensor program", "一个计算图和一个张量程序")
    hint = Text(
        "Functions that nobody calls any more are not part of the result: DeadCodeElimination removes them.",
        "不再被调用的函数不属于结果：用 DeadCodeElimination 删除它们。",
    )
    found = _counted(list(kinds.elements()))
    require(kinds == {"graph": 1, "tensor program": 1}, expected=wanted, found=found, hint=hint)
    program = next(f for _, f in mod.functions_items() if isinstance(f, tirx.PrimFunc))
    sums = sum(reducing(site) for site in sites(program))
    require(sums >= 2, expected=Text("a program with both matrix products", "含有两次矩阵乘法的程序"),
            found=Text(f"{sums} blocks that sum", f"{sums} 个求和的块"),
            hint=Text("The program computes all that main did.", "程序要算出 main 原来计算的全部。"))  # fmt: skip
    return sketch, mod


@lower_to_one.run("one", points=3, title=Text("one call of one program", "对一个程序的一次调用"))
def _(call, rng):
    for _round in range(2):
        _in_one(call, rng)


@lower_to_one.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    sketch, mod = _in_one(call, rng)
    _same_numbers(call, rng, mod, sketch)


# A pipeline.

pipeline = Task("pipeline", kind="program", title=Text("A pipeline with a bound", "满足上界的流水线"))


def _piped(call, rng, first: bool) -> None:
    """What the answer makes of a gated network with its weights bound: within a bound, with right numbers."""
    rows, inputs, hidden, outputs = (int(n) for n in rng.integers(5, 14, size=4))
    sketch = gated_network(rows, inputs, hidden, outputs)
    arrays = sketch.arrays(rng)
    given = bind_weights(sketch.module(), dict(zip(list(sketch.parameters)[1:], arrays[1:], strict=True)))
    mod = _sound(call(given), given)
    others = [str(site) for site in calls(mod, nested=False) if site.operator != "relax.call_tir"]
    only = Text("calls of tensor programs alone, none of a sub-function", "只有张量程序的调用，没有子函数的调用")
    require(not others, expected=only, found=listing(others), where=Text("main", "main"))
    value = rows * hidden * 4
    limit = 3 * value if first else value + 64
    counted = intermediates(mod)
    hidden_calls = len(calls(mod, nested=False)) - counted.calls
    require(not hidden_calls, expected=Text("a main without branches", "没有分支的 main"), found=hidden_calls)
    total = counted.total
    hint = Text("Look at the graph after each pass: what is computed twice?", "逐个 Pass 查看计算图：什么被算了两次？")
    wanted = Text(f"at most {limit} bytes of intermediate values", f"中间值至多 {limit} 字节")
    where = f"rows={rows}, hidden={hidden}"
    require(total <= limit, expected=wanted, found=total, where=where, hint=hint)
    # A program that computes something else may be as small as it likes.
    found = call.module(mod, np.ascontiguousarray(arrays[0]))
    arrays_match(found, sketch.oracle(*arrays).astype("float32"), rtol=1e-3, atol=1e-3, where=where)


@pipeline.run("first", points=2, title=Text("first bound", "第一个上界"))
def _(call, rng):
    _piped(call, rng, first=True)


@pipeline.run("second", points=2, title=Text("second bound", "第二个上界"))
def _(call, rng):
    _piped(call, rng, first=False)


@pipeline.run("numbers", points=1, title=Text("right numbers within the first bound", "在第一个上界内数值正确"))
def _(call, rng):
    for _round in range(2):
        _piped(call, rng, first=True)


TASKS = [multiply_subtract, fuse_layers, prune, fold_sums, fuse_pattern, lower_to_one, pipeline]
