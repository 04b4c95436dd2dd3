"""Checks and points of the exercises on models from frameworks."""

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
_GELU_SHAPES = [(5, 7, 3), (1, 1, 1), (17, 4, 9)]


def _gelu_program(n, k, m):
    arrays = [te.placeholder(shape, name=f"p{i}") for i, shape in enumerate([(n, k), (k, m), (m,)])]
    return te.create_prim_func([*arrays, te.compute((n, m), lambda *_: tirx.const(0.0, "float32"), name="out")])


@bias_gelu.run("signature", points=1, title=Text("parameters for every shape", "对每种形状，参数正确"))
def _(call, rng):
    for shape in _GELU_SHAPES:
        same_signature(_module(call(*shape)), _gelu_program(*shape))


@bias_gelu.run("stored", points=2, title=Text("at most one stored result", "至多存储一个中间结果"))
def _(call, rng):
    n, k, m = 6, 5, 4
    mod = _module(call(n, k, m))
    same_signature(mod, _gelu_program(n, k, m))
    no_extern_calls(mod)
    _from_inputs(function(mod))
    stored = allocations(mod, compact=False)
    sizes = [int(np.prod([int(extent) for extent in buffer.shape])) for buffer in stored]
    require(
        len(stored) <= 1 and sum(sizes) <= n * m,
        expected=Text(f"at most one allocated buffer, of {n * m} elements", f"至多分配一个缓冲区，{n * m} 个元素"),
        found=listing([f"{b.name} ({size})" for b, size in zip(stored, sizes, strict=True)]),
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


@bias_gelu.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for n, k, m in _GELU_SHAPES:
        x, w, b = _normal(rng, n, k), _normal(rng, k, m), _normal(rng, m)
        s = x.astype("float64") @ w + b
        oracle = 0.5 * s * (1 + np.tanh(np.sqrt(2 / np.pi) * (s + 0.044715 * s**3)))
        found = call.module(_module(call(n, k, m)), x, w, b, out=[((n, m), "float32")])
        hint = Text(
            "The tanh form of the prompt, with s = X @ W + B in every place where s stands.",
            "用题目中的 tanh 形式，公式里每个 s 都是 X @ W + B。",
        )
        _expect(found, oracle, f"n={n}, k={k}, m={m}", hint)


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
    sites = calls(relax.transform.DeadCodeElimination(["main"])(mod))  # a call that nothing needs is no product
    targets = Counter(site.target for site in sites)
    shared = [name for name in targets if _sums(mod, name) and _different_calls(sites, name)]
    require(
        bool(shared),
        expected=Text(
            "a tensor program with a sum that is called for both products",
            "一个含有求和、为两次乘法各调用一次的张量程序",
        ),
        found=listing([f"{name} × {count}" for name, count in targets.items()]),
        hint=Text(
            "The builder shares programs that come out equal: same function, same shapes.",
            "构建器会共用相同的程序：函数相同，形状也相同。",
        ),
    )


def _sums(mod, name) -> int:
    return sum(reducing(site) for site in blocks(mod, name))


def _different_calls(sites, name) -> bool:
    """Whether a program is called with different arguments."""
    first, *others = [list(site.call.args[1].fields) for site in sites if site.target == name]
    return any(not all(a.same_as(b) for a, b in zip(first, other, strict=True)) for other in others)


@gated_layer.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for rows in (1, 5, 12):
        x, w, v, b = (_normal(rng, *shape) for shape in [(rows, 16), *_LAYER])
        wide = x.astype("float64")
        oracle = (wide @ w + b) / (1 + np.exp(-(wide @ v)))
        hint = Text(
            "The bias belongs to x @ w, the sigmoid to x @ v.", "偏置属于 x @ w，sigmoid 属于 x @ v。"
        )  # fmt: skip
        _expect(call(x, w, v, b), oracle, Text(f"{rows} rows", f"{rows} 行"), hint)


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


@two_operators.run("hardswish", points=1, title=Text("hardswish", "hardswish"))
def _(call, rng):
    for shape in [(3, 5), (2, 1, 4)]:
        x = _normal(rng, *shape) * 4
        network = _network(shape, _node("h", "hardswish.default", _v("x")))
        hint = Text("Relax has clip, add, multiply and divide.", "Relax 有 clip、add、multiply、divide。")
        _expect(_imported(call, network, x), _hardswish(x.astype("float64")), f"{shape}", hint)


def _judge_mean(call, rng, cases, **kwargs):
    for shape, axes in cases:
        x = _normal(rng, *shape)
        flags = [kwargs["keepdims"]] if "keepdims" in kwargs else []
        network = _network(shape, _node("m", "mean.dim", _v("x"), axes, *flags))
        oracle = x.astype("float64").mean(axis=tuple(axes), keepdims=kwargs.get("keepdims", False))
        where = Text(f"{shape}, axes {axes}", f"{shape}，轴 {axes}")
        hint = Text(
            "Axis -1 is the last one; keepdim comes third and may be left out.",
            "轴 -1 是最后一个；keepdim 是第三个参数，可以省略。",
        )
        _expect(_imported(call, network, x), oracle, where, hint)


@two_operators.run("mean", points=1, title=Text("mean over some axes", "对若干个轴求平均"))
def _(call, rng):
    _judge_mean(call, rng, [((3, 5), [1]), ((2, 3, 4), [-1]), ((2, 3, 4, 5), [2, 3]), ((3, 2, 4), [-1, 0])])


@two_operators.run("kept", points=1, title=Text("mean that keeps its axes", "保留维度的平均"))
def _(call, rng):
    _judge_mean(call, rng, [((3, 5), [1]), ((2, 3, 4), [0, -1])], keepdims=True)


@two_operators.run("whole", points=2, title=Text("a network with old and new operators", "新旧算子混合的网络"))
def _(call, rng):
    steps = [
        _node("y", "linear.default", _v("x"), _v("p_w"), module="0"),
        _node("h", "hardswish.default", _v("y"), module="1"),
        _node("m", "mean.dim", _v("h"), [1], True),
        _node("d", "sub.Tensor", _v("h"), _v("m"), alpha=2),
    ]
    network = _network(("batch", 6), *steps, weights={"p_w": (4, 6)})
    w = _normal(rng, 4, 6)
    for rows in (1, 7):
        x = _normal(rng, rows, 6)
        h = _hardswish(x.astype("float64") @ w.T)
        _expect(
            _imported(call, network, x, w), h - 2 * h.mean(axis=1, keepdims=True), Text(f"{rows} rows", f"{rows} 行")
        )


# A clear error.

clear_error = Task("clear_error", kind="program", title=Text("A clear error", "清楚的报错"))
_UNKNOWN = ["erf.default", "cumsum.default", "roll.default", "tanh.default"]
_KNOWN = ["aten.add.Tensor", "aten.linear.default", "aten.relu.default"]
_ONE_TEXT = Text(
    'Always return one text: "\\n".join(lines), which is "" for no lines.',
    '总是返回一个文本："\\n".join(lines)，没有行时就是 ""。',
)


def _gappy(rng):
    """A chain with known and unknown operators, and the places of the unknown ones in order of first use."""
    unknown = [f"aten.{name}" for name in rng.permutation(_UNKNOWN)[:3]]
    order = [unknown[0], "aten.relu.default", unknown[1], unknown[0], "aten.add.Tensor", unknown[2], unknown[0]]
    order[5:] = list(rng.permutation(order[5:]))
    places: dict[str, list[tuple[str, str]]] = {}
    steps, value = [], "x"
    for number, operator in enumerate(order):
        name, module = f"n{number}_{int(rng.integers(10, 99))}", f"block.{number}.part" if number % 3 else ""
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
            found = {name for name in names if any(_names(line, name) for line in about)}
            require(
                found == wanted,
                expected=listing(sorted(wanted)), found=listing(sorted(found)), where=operator, hint=hint,
            )  # fmt: skip


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


@residual_block.run("signature", points=1, title=Text("images in, weights inside", "输入图像，权重在内"))
def _(call, rng):
    network = residual_graph(3, 4, 2)
    func = graph(_module(call(network, residual_weights(network, rng))))
    sizes = [_sizes(p.ty) for p in func.params]
    right = len(sizes) == 1 and sizes[0] and isinstance(sizes[0][0], tirx.Var) and sizes[0][1:] == [3, 7, 6]
    require(
        bool(right),
        expected=Text("one parameter (batch, 3, 7, 6), batch symbolic", "一个参数 (batch, 3, 7, 6)，batch 为符号"),
        found=listing([f"{p.name}: {p.ty}" for p in func.params]),
        hint=Text("Bind the weights as constants.", "把权重绑定为常量。"),
    )


@residual_block.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    _residual(call, rng, 2, 6, 3, rows=5)


@residual_block.run("options", points=1, title=Text("another stride and epsilon", "另外的步长与 epsilon"))
def _(call, rng):
    _residual(call, rng, 2, 4, 4, rows=1, stride=1, epsilon=0.5)


@residual_block.run("plain", points=1, title=Text("normalization without weights", "不带权重的归一化"))
def _(call, rng):
    _residual(call, rng, 3, 4, 2, rows=2, affine=False)


TASKS = [bias_gelu, gated_layer, two_operators, clear_error, residual_block]
