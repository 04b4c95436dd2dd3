"""Checks and points of the exercises on models from frameworks."""

import math
import re
from collections import Counter

import numpy as np
from tvm import IRModule, relax, te, tirx
from tvm.ir import TensorLoad

from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.equivalence import same_signature, written_parameters
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.memory import allocations
from mlc_ref.checks.sites import function, listing, nodes, reducing
from mlc_ref.checks.sites import sites as blocks
from mlc_ref.frameworks.practice import residual_graph, residual_result, residual_weights
from mlc_ref.language import Text

SIGNATURE = Text("parameters and result", "参数与结果")
NUMBERS = Text("right numbers", "数值正确")


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _expect(found, expected, where=None, hint=None):
    arrays_match(found, expected.astype("float32"), rtol=1e-4, atol=2e-5, where=where, hint=hint)


def _module(value) -> IRModule:
    """The module a function of the learner returned."""
    hint = Text('Wrap a PrimFunc as tvm.IRModule({"main": func}).', 'PrimFunc 要写成 tvm.IRModule({"main": func})。')
    require(
        isinstance(value, IRModule),
        expected=Text("a function that returns an IRModule", "一个返回 IRModule 的函数"),
        found=type(value).__name__,
        hint=hint,
    )
    return value


# Matrix product, bias and GELU.

bias_gelu = Task("bias_gelu", kind="program", title=Text("Matrix product, bias and GELU", "矩阵乘法、偏置与 GELU"))


def _gelu_shapes(rng, count: int) -> list[tuple[int, ...]]:
    """The smallest shape and some that nobody can know."""
    return [(1, 1, 1), *(tuple(int(n) for n in rng.integers(2, 50, size=3)) for _ in range(count))]


def _gelu_program(n, k, m):
    arrays = [te.placeholder(shape, name=f"p{i}") for i, shape in enumerate([(n, k), (k, m), (m,)])]
    return te.create_prim_func([*arrays, te.compute((n, m), lambda *_: tirx.const(0.0, "float32"), name="out")])


def _gelu_module(call, shape) -> IRModule:
    mod = _module(call(*shape))
    same_signature(mod, _gelu_program(*shape))
    names = sorted(var.name_hint for var in mod.get_global_vars())
    require(len(names) == 1, expected=Text("one tensor program", "一个张量程序"), found=listing(names))
    return mod


@bias_gelu.run("signature", points=1, title=Text("parameters for every shape", "对每种形状，参数正确"))
def _(call, rng):
    for shape in _gelu_shapes(rng, int(rng.integers(2, 5))):
        _gelu_module(call, shape)


@bias_gelu.run("stored", points=2, title=Text("at most one stored result", "至多存储一个中间结果"))
def _(call, rng):
    for shape in _gelu_shapes(rng, int(rng.integers(1, 4))):
        _stores_at_most_one(_gelu_module(call, shape), shape)


def _stores_at_most_one(mod, shape):
    n, _, m = shape
    no_extern_calls(mod)
    _from_inputs(function(mod))
    stored = allocations(mod, compact=False)
    sizes = [int(np.prod([int(extent) for extent in buffer.shape])) for buffer in stored]
    require(
        len(stored) <= 1 and sum(sizes) <= n * m,
        expected=Text(f"at most one allocated buffer, of {n * m} elements", f"至多分配一个缓冲区，{n * m} 个元素"),
        found=listing([f"{b.name} ({size})" for b, size in zip(stored, sizes, strict=True)]),
        where=f"n, k, m = {shape}",
        hint=Text("Which stages need to be tensors? Only a reduction does.", "哪些阶段必须是张量？只有规约必须是。"),
    )


def _from_inputs(func):
    """The program computes with the matrices and leaves its inputs alone: they are no place to store in."""
    loads = [load.source for load in nodes(func.body, TensorLoad)]
    unread = [str(p.name) for p in func.params[:2] if not any(p.same_as(source) for source in loads)]
    require(not unread, expected=Text("a program that reads X and W", "读取 X 和 W 的程序"),
            found=Text(f"{', '.join(unread)} is never read", f"从未读取 {'、'.join(unread)}"),
            hint=Text("The product is computed inside of the program.", "乘积要在程序之内计算。"))  # fmt: skip
    written = [str(func.params[i].name) for i in written_parameters(func)]
    require(
        written == [str(func.params[3].name)],
        expected=Text("only Y is written", "只写入 Y"),
        found=listing(written),
        hint=Text("Store the product in a buffer of the program's own.", "把乘积放在程序自己的缓冲区里。"),
    )


def _gelu(s, cubed=None):
    cubed = s if cubed is None else cubed
    return 0.5 * s * (1 + np.tanh(np.sqrt(2 / np.pi) * (s + 0.044715 * cubed**3)))


def _gelu_hint(found, product, bias) -> Text:
    """What is likely wrong, told from the numbers that came out."""
    s = product + bias
    likely = [
        (_gelu(product), Text("The bias is missing.", "缺少偏置。")),
        (_gelu(s, product), Text("In the cube s is X @ W + B as well.", "三次方里的 s 也是 X @ W + B。")),
        (_gelu(product) + bias, Text("The bias belongs inside: s = X @ W + B.", "偏置应在里面：s = X @ W + B。")),
        (0.5 * s * (1 + np.vectorize(math.erf)(s / np.sqrt(2))),
         Text("This is the form with erf; the prompt asks for the one with tanh.", "这是 erf 形式；题目要求 tanh 形式。")),
        (s / (1 + np.exp(-1.702 * s)),
         Text("This is the form with a sigmoid; the prompt asks for the one with tanh.",
              "这是 sigmoid 形式；题目要求 tanh 形式。")),
    ]  # fmt: skip
    distances = [(float(np.abs(found - wrong).max()), hint) for wrong, hint in likely]
    distance, hint = min(distances, key=lambda each: each[0])
    right = float(np.abs(found - _gelu(s)).max())
    if distance < min(right, 1e-3):
        return hint
    if right < 0.05:
        return Text("A constant is not exact: √(2/π) and 0.044715.", "有一个常量不准确：√(2/π) 和 0.044715。")
    return Text(
        "The tanh form of the prompt, with s = X @ W + B in every place where s stands.",
        "用题目中的 tanh 形式，公式里每个 s 都是 X @ W + B。",
    )


@bias_gelu.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for shape in _gelu_shapes(rng, int(rng.integers(2, 4))):
        n, k, m = shape
        _judge_gelu(call, shape, [_normal(rng, n, k) / np.float32(np.sqrt(k)), _normal(rng, k, m), _normal(rng, m)])
    # Sums without rounding, where even the last digits of the constants are seen.
    n, m = (int(size) for size in rng.integers(24, 40, size=2))
    x, b = rng.integers(-40, 41, (n, 1)) / 16, rng.integers(-8, 9, m) / 16
    _judge_gelu(call, (n, 1, m), [each.astype("float32") for each in (x, np.ones((1, m)), b)], rtol=1e-6, atol=3e-6)


def _judge_gelu(call, shape, arrays, rtol=1e-4, atol=2e-5):
    x, w, b = (each.astype("float64") for each in arrays)
    found = call.module(_gelu_module(call, shape), *arrays, out=[((shape[0], shape[2]), "float32")])
    hint = _gelu_hint(found, x @ w, b) if np.isfinite(found).all() else None
    where = f"n, k, m = {shape}"
    arrays_match(found, _gelu(x @ w + b).astype("float32"), rtol=rtol, atol=atol, where=where, hint=hint)


# A module with the builder.

gated_layer = Task("gated_layer", kind="module", title=Text("A module with the builder", "用构建器做模块"))
_LAYER = [(16, 8), (16, 8), (8,)]


def _sizes(tensor_type) -> list[object] | None:
    values = getattr(getattr(tensor_type, "shape", None), "values", None)
    return None if values is None else [v if isinstance(v, tirx.Var) else int(v) for v in values]


@gated_layer.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    func = graph(mod)
    types = [*(p.ty for p in func.params), func.ret_ty]
    found = [_sizes(each) for each in types]
    rows = found[0][0] if found[0] else None
    wanted = [[rows, 16], *map(list, _LAYER), [rows, 8]]
    text = "x (n, 16), w (16, 8), v (16, 8), b (8,) -> (n, 8)"
    right = isinstance(rows, tirx.Var) and len(found) == 5 and all(str(t.dtype) == "float32" for t in types)
    hint = Text(
        'One tirx.Var("n", "int64") in the shape of x; the result gets it by itself.',
        'x 的形状里用一个 tirx.Var("n", "int64")，结果的形状会随之得到它。',
    )
    shown = listing([str(t) for t in types])
    require(right and _same(found, wanted), expected=f"float32 {text}", found=shown, hint=hint)


def _same(found, wanted) -> bool:
    pairs = zip(found, wanted, strict=True)
    return all(a is not None and len(a) == len(b) and all(_equal(*x) for x in zip(a, b, strict=True)) for a, b in pairs)


def _equal(a, b) -> bool:
    symbols = isinstance(a, tirx.Var), isinstance(b, tirx.Var)
    return a.same_as(b) if all(symbols) else not any(symbols) and a == b


@gated_layer.inspect("structure", points=2, title=Text("two products, one tensor program", "两次乘法，一个张量程序"))
def _(mod):
    well_formed(mod)
    no_extern_calls(mod)
    only_operators(mod, {"relax.call_tir"}, hint=Text("Use emit_te, not emit.", "用 emit_te，而不是 emit。"))
    hint = Text(
        "Emit everything inside of `with builder.dataflow():`.", "所有绑定都在 `with builder.dataflow():` 之内。"
    )
    one_dataflow_block(mod, hint=hint)
    _bound_once(mod)
    sites = calls(relax.transform.DeadCodeElimination(["main"])(mod))  # a call that nothing needs is no product
    targets = Counter(site.target for site in sites)
    shared = [name for name in targets if _sums(mod, name) and _different_calls(sites, name)]
    found = listing([f"{name} × {count}" for name, count in targets.items()])
    wanted = Text(
        "a tensor program with a sum that is called for both products", "一个含有求和、为两次乘法各调用一次的张量程序"
    )
    hint = Text(
        "The builder shares programs that come out equal: same function, same shapes.",
        "构建器会共用相同的程序：函数相同，形状也相同。",
    )
    require(bool(shared), expected=wanted, found=found, hint=hint)
    sums = sum(_sums(mod, site.target) for site in sites)
    wanted = Text("two sums, one in each call of that program", "两个求和，那个程序的每次调用各一个")
    require(sums == 2, expected=wanted, found=Text(f"{sums} sums", f"{sums} 个求和"), hint=hint)
    for name in targets:
        _no_hidden_sums(mod, name)


def _bound_once(mod) -> None:
    """Every binding is a call: no second name for a value."""
    values = [binding.value for block in graph(mod).body.blocks for binding in block.bindings]
    names = [value.name for value in values if isinstance(value, relax.Var)]
    require(
        not names,
        expected=Text("every binding a call_tir", "每个绑定都是 call_tir"),
        found=Text(f"a second name for {', '.join(names)}", f"{'、'.join(names)} 的第二个名字"),
        hint=Text(
            "`emit_te` binds its result already; `emit_output(emit_te(…))` binds it twice. Put out `builder.call_te(…)`.",
            "`emit_te` 已经绑定了结果；`emit_output(emit_te(…))` 又绑定一次。请输出 `builder.call_te(…)`。",
        ),
    )


def _no_hidden_sums(mod, name) -> None:
    """What has no axis to sum over reads a few elements, one by one: no product is written out in it."""
    for site in blocks(mod, name):
        loads, loops = nodes(site.block.body, TensorLoad), nodes(site.block.body, (tirx.For, tirx.While))
        few = reducing(site) or (len(loads) <= 8 and not loops)
        wanted = Text("sums in the shared program alone", "求和只在共用的程序里")
        shown = Text(f"{len(loads)} elements read for one", f"算一个元素要读 {len(loads)} 个元素")
        require(few, expected=wanted, found=shown, where=Text(f"block {site.name}", f"块 {site.name}"))


def _sums(mod, name) -> int:
    return sum(reducing(site) for site in blocks(mod, name))


def _different_calls(sites, name) -> bool:
    """Whether a program is called with different arguments."""
    first, *others = [list(site.call.args[1].fields) for site in sites if site.target == name]
    return any(not all(a.same_as(b) for a, b in zip(first, other, strict=True)) for other in others)


def _gate_hint(found, value, gate, bias) -> Text:
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    likely = [
        (value * sigmoid(gate), Text("The bias is missing.", "缺少偏置。")),
        ((gate + bias) * sigmoid(value), Text("The two products are swapped.", "两次乘法互换了。")),
        ((value + bias) * sigmoid(gate + bias), Text("The bias belongs to x @ w alone.", "偏置只属于 x @ w。")),
        (value * sigmoid(gate + bias), Text("The bias belongs to x @ w.", "偏置属于 x @ w。")),
        (gate * sigmoid(value + bias), Text("The sigmoid belongs to x @ v.", "sigmoid 属于 x @ v。")),
        ((value + bias) * np.tanh(gate), Text("The gate is a sigmoid.", "门控函数是 sigmoid。")),
    ]
    close = [hint for wrong, hint in likely if found.shape == wrong.shape and np.allclose(found, wrong, atol=1e-3)]
    general = Text("The bias belongs to x @ w, the sigmoid to x @ v.", "偏置属于 x @ w，sigmoid 属于 x @ v。")
    return close[0] if close else general


@gated_layer.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for rows in (1, *(int(n) for n in rng.integers(2, 200, size=2))):
        x, w, v, b = (_normal(rng, *shape) for shape in [(rows, 16), *_LAYER])
        value, gate = x.astype("float64") @ w, x.astype("float64") @ v
        found = call(x, w, v, b)
        hint = _gate_hint(found, value, gate, b) if isinstance(found, np.ndarray) else None
        _expect(found, (value + b) / (1 + np.exp(-gate)), Text(f"{rows} rows", f"{rows} 行"), hint)


# Two more operators.

two_operators = Task("two_operators", kind="program", title=Text("Two more operators", "再加两个算子"))


def _node(name, operator, *args, module="", **kwargs):
    return {"name": name, "operator": f"aten.{operator}", "args": list(args), "kwargs": kwargs, "module": module}


def _v(name):
    return {"value": name}


def _network(shape, *steps, weights=None):
    listed = [{"name": name, "shape": list(extents)} for name, extents in (weights or {}).items()]
    inputs = [{"name": "x", "shape": list(shape)}]
    return {"inputs": inputs, "weights": listed, "nodes": list(steps), "outputs": [steps[-1]["name"]]}


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
        x = _normal(rng, *shape) * 4
        network = _network(shape, _node("h", "hardswish.default", _v("x")))
        hint = Text("Relax has clip, add, multiply and divide.", "Relax 有 clip、add、multiply、divide。")
        _expect(_imported(call, network, x), _hardswish(x.astype("float64")), f"{shape}", hint)


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
        x = _normal(rng, *shape)
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
        _expect(found, oracle, where, hint)


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
    w = _normal(rng, outputs, inputs)
    for rows in (1, int(rng.integers(2, 40))):
        x = _normal(rng, rows, inputs)
        y = x.astype("float64") @ w.T
        h = _hardswish(y)
        oracle = _hardswish(h - 2 * h.mean(axis=1, keepdims=True) + np.maximum(y, 0))
        hint = Text(
            "One table with all operators, the old ones and the two new ones.", "一个表包含所有算子：旧的和两个新的。"
        )
        _expect(_imported(call, network, x, w), oracle, Text(f"{rows} rows", f"{rows} 行"), hint)


# A clear error.

clear_error = Task("clear_error", kind="program", title=Text("A clear error", "清楚的报错"))
_UNKNOWN = ["erf.default", "cumsum.default", "roll.default", "tanh.default"]
_NEARLY_KNOWN = ["add.Scalar", "relu6.default", "linear_.default"]  # not in the list, though they look like it
_KNOWN = ["aten.add.Tensor", "aten.linear.default", "aten.relu.default"]
_ONE_TEXT = Text(
    'Always return one text: "\\n".join(lines), which is "" for no lines.',
    '总是返回一个文本："\\n".join(lines)，没有行时就是 ""。',
)


def _gappy(rng):
    """A chain with known and unknown operators, and the places of the unknown ones in order of first use."""
    names = [*rng.permutation(_UNKNOWN)[: rng.integers(1, 5)], rng.choice(_NEARLY_KNOWN)]
    unknown = [f"aten.{name}" for name in rng.permutation(names)]
    order = [unknown[0], "aten.relu.default", *unknown[1:], "aten.add.Tensor", *rng.choice(unknown, size=4)]
    order[3:] = list(rng.permutation([*order[3:], unknown[0]]))
    places: dict[str, list[tuple[str, str]]] = {}
    steps, value = [], "x"
    for number, operator in enumerate(order):
        name = f"n{number}_{int(rng.integers(10, 99))}"
        module = f"block.{int(rng.integers(10, 99))}.part{number}" if number % 3 else ""
        steps.append(_node(name, str(operator)[5:], _v(value), module=module))
        value = name
        if operator in unknown:
            places.setdefault(str(operator), []).append((name, module))
    return _network((2, 3), *steps), places


def _lines(call, network, supported) -> list[str]:
    """The lines of the answer that say something."""
    text = call(network, supported)
    require(type(text) is str, expected=Text("text", "文本"), found=type(text).__name__, hint=_ONE_TEXT)
    return [line for line in text.splitlines() if line.strip()]


def _names(line: str, name: str) -> bool:
    """Whether a line holds a name, whatever stands around it: a Chinese word, a path, punctuation."""
    return bool(re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", line))


def _operators(line: str) -> list[str]:
    """The ``aten.`` operators a line names, each once."""
    return sorted({found.rstrip(".") for found in re.findall(r"aten\.[A-Za-z0-9_.]+", line)})


def _mentions(line: str, words: set[str]) -> list[str]:
    """The words a line holds, in the order in which they first stand there."""
    first = {word: re.search(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])", line) for word in words}
    return [word for word, found in sorted(first.items(), key=lambda each: each[1].start() if each[1] else -1) if found]


def _belong(mentioned: list[str], uses: list[tuple[str, str]]) -> bool:
    """Whether node and module stand together, use after use, or all nodes first and then their modules."""
    module_of = dict(uses)
    nodes_first = [word for word in mentioned if word in module_of]
    modules = [word for word in mentioned if word not in module_of]
    in_order = modules == [module_of[node] for node in nodes_first if module_of[node]]
    together = all(
        not module_of[node] or abs(mentioned.index(node) - mentioned.index(module_of[node])) == 1
        for node in nodes_first
    )
    apart = mentioned in ([*nodes_first, *modules], [*modules, *nodes_first])
    return in_order and (together or apart)


@clear_error.run("nothing", points=1, title=Text("silent only when nothing is missing", "什么都不缺时才不说话"))
def _(call, rng):
    network, places = _gappy(rng)
    text = call(network, [*_KNOWN, *places])
    require(
        text == "",
        expected=Text("empty text: every operator is supported", "空文本：所有算子都支持"),
        found=repr(text)[:80],
        hint=_ONE_TEXT,
    )
    lines = _lines(call, network, _KNOWN)
    require(
        bool(lines),
        expected=Text("some text: operators are missing", "有内容：缺少算子"),
        found=Text("none", "无"),
        hint=Text("Which operators of the nodes are not in the list?", "节点用到的算子，哪些不在列表里？"),
    )


@clear_error.run("operators", points=2, title=Text("one line for each operator", "每个算子一行"))
def _(call, rng):
    for _ in range(3):
        network, places = _gappy(rng)
        lines = _lines(call, network, _KNOWN)
        found = [" ".join(_operators(line)) for line in lines]
        shown = [names or f"({line[:40]})" for names, line in zip(found, lines, strict=True)]
        hint = Text(
            "One line for each operator and none besides, in the order of first use.",
            "每个算子一行，此外没有别的行，按首次使用的次序。",
        )
        require(found == list(places), expected=listing(list(places)), found=listing(shown), hint=hint)


@clear_error.run("places", points=2, title=Text("every place of use", "每个使用之处"))
def _(call, rng):
    for _ in range(3):
        network, places = _gappy(rng)
        lines = _lines(call, network, _KNOWN)
        names = {each for node in network["nodes"] for each in (node["name"], node["module"]) if each}
        hint = Text(
            "The line of an operator names each node that uses it and the node's module, and no other node.",
            "算子的那一行写出每个使用它的节点和该节点的模块，不写别的节点。",
        )
        for operator, uses in places.items():
            about = [line for line in lines if _names(line, operator)]
            wanted = {word for use in uses for word in use if word}
            found = _mentions(" ".join(about), names)
            shown = listing(sorted(wanted)), listing(sorted(found))
            require(set(found) == wanted, expected=shown[0], found=shown[1], where=operator, hint=hint)
            pairs = listing([f"{name} – {module}" for name, module in uses if module])
            together = Text("Write the module of a node next to that node.", "节点的模块写在该节点旁边。")
            require(_belong(found, uses), expected=pairs, found=listing(found), where=operator, hint=together)


# A residual block.

residual_block = Task("residual_block", kind="program", title=Text("A residual block", "残差块"))


def _residual(call, rng, incoming, channels, groups, rows, **options):
    network = residual_graph(incoming, channels, groups, **options)
    weights = residual_weights(network, rng)
    x = _normal(rng, rows, incoming, 7, 6)
    options.pop("affine", None)
    where = Text(f"{incoming} to {channels} channels, {groups} groups", f"{incoming} 到 {channels} 个通道，{groups} 组")
    mod = _module(call(network, weights))
    hint = Text(
        "Import one node after the other and compare with NumPy: convolution, normalization, SiLU, sum.",
        "逐个节点导入并与 NumPy 比较：卷积、归一化、SiLU、相加。",
    )
    _expect(call.module(mod, x), residual_result(x, weights, groups, **options), where, hint)


def _widths(rng) -> tuple[int, int, int]:
    """Incoming channels, channels, groups: different numbers, and more than one channel a group."""
    groups = int(rng.integers(2, 5))
    return int(rng.integers(1, 6)), groups * int(rng.integers(2, 4)), groups


@residual_block.run("signature", points=1, title=Text("images in, weights inside", "输入图像，权重在内"))
def _(call, rng):
    incoming, channels, groups = _widths(rng)
    network = residual_graph(incoming, channels, groups)
    func = graph(_module(call(network, residual_weights(network, rng))))
    sizes = [_sizes(p.ty) for p in func.params]
    right = len(sizes) == 1 and sizes[0] and isinstance(sizes[0][0], tirx.Var) and sizes[0][1:] == [incoming, 7, 6]
    shape = f"(batch, {incoming}, 7, 6)"
    fixed = len(sizes) == 1 and bool(sizes[0]) and not isinstance(sizes[0][0], tirx.Var)
    hint = Text("Bind the weights as constants.", "把权重绑定为常量。")
    if fixed:
        hint = Text("Leave the batch as the graph has it, a name.", "批大小保持图中的样子：一个名字。")
    require(
        bool(right),
        expected=Text(f"one parameter {shape}, batch symbolic", f"一个参数 {shape}，batch 为符号"),
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


TASKS = [bias_gelu, gated_layer, two_operators, clear_error, residual_block]
