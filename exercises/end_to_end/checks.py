"""Checks and points of the exercises on end-to-end execution."""

import functools
import re
import secrets

import numpy as np
from tvm import IRModule, relax, tirx
from tvm.ir import GenericConst

from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.bounds import accesses_in_bounds
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.index_math import evaluate
from mlc_ref.checks.planning import plans_at_most
from mlc_ref.checks.sites import function, listing
from mlc_ref.end_to_end import libraries, reference
from mlc_ref.end_to_end.practice.programs import Ensemble
from mlc_ref.end_to_end.practice.scorers import ACTIVATIONS, scorer
from mlc_ref.language import Text
from mlc_ref.tensor_programs.axes import check_axes

SIGNATURE = Text("parameters and result", "参数与结果")
STRUCTURE = Text("graph and tensor programs", "计算图与张量程序")
NUMBERS = Text("right numbers", "数值正确")
Shape = tuple[int | str, ...]


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _expect(found, expected, where=None, hint=None):
    arrays_match(found, expected.astype("float32"), rtol=1e-3, atol=1e-3, where=where, hint=hint)


def _shown(types: list, names: dict) -> list[str]:
    """Types as ``float32 (n0, 20)``, symbolic sizes named in the order in which they first occur."""
    shown = []
    for each in types:
        sizes = getattr(getattr(each, "shape", None), "values", None)
        if sizes is None:
            shown.append(str(each))
            continue
        parts = [names.setdefault(s, f"n{len(names)}") if isinstance(s, tirx.Var) else _size(s) for s in sizes]
        shown.append(f"{each.dtype} ({', '.join(parts)})")
    return shown


def _any_rows(shown: str) -> str:
    """``float32 (3, 20)`` as ``float32 (…, 20)``."""
    return re.sub(r"\(\w+", "(…", shown, count=1)


def _size(size) -> str:
    return str(getattr(size, "value", size))


def _signature(mod: IRModule, inputs: list[Shape], output: Shape, entry: str = "main", *, rows: bool = True) -> None:
    """Parameters and result are float32 tensors of these shapes; a string stands for a symbolic size.

    Without ``rows``, the first size of the first parameter and of the result may be anything.
    """
    func = graph(mod, entry)
    letters: dict = {}
    symbols = {letter: letters.setdefault(letter, f"n{len(letters)}") for s in [*inputs, output] for letter in s
               if isinstance(letter, str)}  # fmt: skip
    wanted = [f"float32 ({', '.join(symbols.get(s, str(s)) for s in shape)})" for shape in [*inputs, output]]
    found = _shown([*(p.ty for p in func.params), func.ret_ty], {})
    if not rows:
        wanted, found = (
            list(map(_any_rows, each[:1])) + each[1:-1] + [_any_rows(each[-1])] for each in (wanted, found)
        )
    text = Text(f"parameters {listing(wanted[:-1]).en}; result {wanted[-1]}",
                f"参数 {listing(wanted[:-1]).zh}；结果 {wanted[-1]}")  # fmt: skip
    shown = Text(f"parameters {listing(found[:-1]).en}; result {found[-1]}",
                 f"参数 {listing(found[:-1]).zh}；结果 {found[-1]}")  # fmt: skip
    require(found == wanted, expected=text, found=shown, where=entry)


def _programs_only(mod: IRModule, at_least: int) -> None:
    """The graph is one dataflow block of calls to tensor programs of the module, at least this many."""
    well_formed(mod)
    hint = Text("Every operation is an R.call_tir of a tensor program.", "每个运算都应是对张量程序的 R.call_tir。")
    no_extern_calls(mod)
    only_operators(mod, {"relax.call_tir"}, hint=hint)
    _one_function(mod, hint)
    dataflow = Text(
        "Put every operation into one `with R.dataflow():`, or one `with builder.dataflow():`, and mark its result as output.",
        "把所有运算放进同一个 `with R.dataflow():`（或 `with builder.dataflow():`）中，并把结果标为输出。",
    )
    one_dataflow_block(mod, hint=dataflow)
    found = calls(relax.transform.DeadCodeElimination()(mod))
    require(
        len(found) >= at_least,
        expected=Text(f"at least {at_least} calls of tensor programs", f"至少 {at_least} 次调用张量程序"),
        found=listing([str(site) for site in found]),
        where=_NEEDED,
    )
    for name in sorted({str(site.target) for site in found}):
        _sound(function(mod, name))


_NEEDED = Text("calls that the result needs", "结果所需的调用")


def _one_function(mod: IRModule, hint: Text | None = None) -> None:
    """The graph is ``main`` alone: it calls no other graph, and has no branches."""
    others = [str(site) for site in calls(mod, nested=False) if site.operator == "call"]
    wanted = Text("no call of another graph", "不调用别的计算图")
    require(not others, expected=wanted, found=listing(others), where="main", hint=hint)
    branches: list = []
    relax.analysis.post_order_visit(
        graph(mod).body, lambda value: branches.append(value) if isinstance(value, relax.If) else None
    )
    wanted = Text("no if in the graph", "计算图中没有 if")
    require(not branches, expected=wanted, found=Text("an if", "有 if"), where="main", hint=hint)


def _sound(func: tirx.PrimFunc) -> None:
    """A tensor program stays inside its buffers, and its blocks say the truth about their axes."""
    sizes: dict = {}
    shapes = []
    for parameter in func.params:
        if isinstance(parameter, tirx.Buffer):
            for size in parameter.shape:
                if isinstance(size, tirx.Var):
                    sizes.setdefault(size, 3 + 2 * len(sizes))
            shapes.append(tuple(int(evaluate(size, sizes)) for size in parameter.shape))
    if len(shapes) == len(func.params):
        accesses_in_bounds(func, shapes)
    check_axes(func)


# A two-layer network, for three rows and for any number of rows.

_LAYERS: list[Shape] = [(20, 12), (12,), (12, 5), (5,)]


def _two_layers(x, w0, b0, w1, b1):
    hidden = np.clip(x.astype("float64") @ w0 + b0, 0, 6)
    return hidden @ w1 + b1


def _judge_layers(call, rng, rows: int) -> None:
    x, *weights = (_normal(rng, *shape) for shape in [(rows, 20), *_LAYERS])
    # Large enough that both ends of the clip are reached.
    x *= 2
    hint = Text("The activation keeps what is between 0 and 6.", "激活函数只保留 0 到 6 之间的部分。")
    _expect(call(x, *weights), _two_layers(x, *weights), Text(f"{rows} rows", f"{rows} 行"), hint)


two_layer = Task("two_layer", kind="module", title=Text("A two-layer network", "两层网络"))


@two_layer.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    _signature(mod, [(3, 20), *_LAYERS], (3, 5))


@two_layer.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    _signature(mod, [(3, 20), *_LAYERS], (3, 5), rows=False)
    _programs_only(mod, 3)


@two_layer.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    _judge_layers(call, rng, 3)


any_rows = Task("any_rows", kind="module", title=Text("Any number of rows", "任意多行"))


@any_rows.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    _signature(mod, [("n", 20), *_LAYERS], ("n", 5))


@any_rows.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    _signature(mod, [("n", 20), *_LAYERS], ("n", 5), rows=False)
    _programs_only(mod, 2)
    names = [v.name_hint for v, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)]
    require(
        len(names) <= 2,
        expected=Text("at most 2 tensor programs", "至多 2 个张量程序"),
        found=listing(names),
        hint=Text(
            "Leave all sizes of the layer open, and call it twice.", "让线性层的所有尺寸都成为变量，再调用两次。"
        ),
    )


@any_rows.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for rows in (1, 3, int(rng.integers(18, 300)), int(rng.integers(300, 3000))):
        _judge_layers(call, rng, rows)


# One layer from a library.

from_library = Task(
    "from_library",
    kind="program",
    title=Text("One layer from a library", "其中一层来自库"),
    externs={"lab.linear": ""},
)
_PROGRAMS = {"mix": [(5, 14), (14, 9)], "square": [(5, 9)]}


def _pipeline_inputs(rng):
    return [_normal(rng, *shape) for shape in [(5, 14), (14, 9), (6, 9), (6,)]]


def _pair(result) -> tuple[IRModule, object]:
    right = isinstance(result, list | tuple) and len(result) == 2 and isinstance(result[0], IRModule)
    wanted = Text("a pair: the module and an array", "一对值：模块与一个数组")
    shown = listing([type(each).__name__ for each in result]) if isinstance(result, list | tuple) else _kind(result)
    require(right, expected=wanted, found=shown)
    return result[0], result[1]


@from_library.run("graph", points=2, title=Text("graph with one library call", "含一次库调用的计算图"))
def _(call, rng):
    mod, _ = _pair(call(*_pipeline_inputs(rng), libraries.linear))
    well_formed(mod)
    found = [str(site) for site in calls(relax.transform.DeadCodeElimination()(mod))]
    wanted = ["relax.call_tir(mix)", "relax.call_tir(square)", "relax.call_dps_packed(lab.linear)"]
    hint = Text(
        "The library multiplies by a transposed weight and adds a bias. Which program does that?",
        "库函数乘以转置的权重，再加偏置。哪个程序做的是这件事？",
    )
    require(found == wanted, expected=listing(wanted), found=listing(found), where=_NEEDED, hint=hint)
    unused = sorted({var.name_hint for var in mod.get_global_vars()} - {"main", *_PROGRAMS})
    nobody = Text("no tensor program that nobody calls", "没有无人调用的张量程序")
    hint = Text(
        "Leave it out when you write the module. DeadCodeElimination keeps a tensor program that has a global_symbol.",
        "编写模块时就不要包含它。DeadCodeElimination 会保留带有 global_symbol 的张量程序。",
    )
    require(not unused, expected=nobody, found=listing(unused), hint=hint)


@from_library.run("programs", points=1, title=Text("the other two programs as they were", "另外两个程序不变"))
def _(call, rng):
    x, v, w, b = _pipeline_inputs(rng)
    mod, _ = _pair(call(x, v, w, b, libraries.linear))
    mixed = x.astype("float64") @ v
    cases = {"mix": ([x, v], mixed), "square": ([x[:, :9]], x[:, :9].astype("float64") ** 2)}
    for name, (inputs, expected) in cases.items():
        alone = IRModule({"main": function(mod, name).with_attr("global_symbol", "main")})
        no_extern_calls(alone)
        _expect(call.module(alone, *inputs, out=[((5, 9), "float32")]), expected, where=name)


@from_library.run("used", points=2, title=Text("the library given is the one used", "用的正是传入的库函数"))
def _(call, rng):
    (x, v, w, b), scale = _pipeline_inputs(rng), float(rng.uniform(2, 5))
    library = functools.partial(libraries.scaled_linear, scale=scale)
    # The library says by its result how often it was called; runs are told apart by a number that is never used twice.
    counted = functools.partial(libraries.numbered_linear, scale=scale, run=secrets.randbits(62))
    hint = Text(
        "This library multiplies its result by a number. Register the function you are given, at every call.",
        "这个库函数会把结果乘以一个数。每次调用都要注册传入的那个函数。",
    )
    mod, found = _pair(call(x, v, w, b, counted))
    wanted = _scores(x, v, w, b, scale)
    if isinstance(found, np.ndarray) and found.shape == wanted.shape:
        times = float(np.median(found / wanted))
        require(
            not (times > 1.5 and np.allclose(found, times * wanted, rtol=1e-3)),
            expected=Text("one call of the library: the one that main makes", "库函数只调用一次：由 main 调用"),
            found=Text(f"the result of call {round(times)}", f"第 {round(times)} 次调用的结果"),
            hint=Text(
                "Return what main gives; do not call the library beside it.",
                "返回 main 的结果；不要在它之外再调用库函数。",
            ),
        )
    _expect(found, wanted, hint=hint)
    # An array does not say where it comes from: the module is run elsewhere too, on other arrays.
    others = _pipeline_inputs(rng)
    again = call.module(mod, *others, libraries={"lab.linear": library})
    _expect(again, _scores(*others, scale), where=Text("your module, run again", "再次运行你的模块"), hint=hint)


def _scores(x, v, w, b, scale):
    return scale * reference.linear((x.astype("float64") @ v) ** 2, w, b)


# Bind and export.

deploy = Task("deploy", kind="program", title=Text("Bind and export", "绑定与导出"))
_KEYS = ("module", "file", "scores")


def _deployment(rng, activation: str):
    """A module of secret sizes, its weights in float64, and images."""
    inputs, outputs, rows = (int(n) for n in rng.integers(3, 40, size=3))
    weights = {name: rng.normal(size=shape) for name, shape in
               {"scale": (inputs,), "w": (outputs, inputs), "b": (outputs,)}.items()}  # fmt: skip
    return scorer(inputs, outputs, activation), weights, _normal(rng, rows, inputs)


def _deployed(call, rng, activation="sigmoid"):
    mod, weights, x = _deployment(rng, activation)
    result = call(mod, weights, x)
    right = isinstance(result, dict) and all(key in result for key in _KEYS)
    require(
        right, expected=Text(f"a dict with {', '.join(_KEYS)}", f"含 {'、'.join(_KEYS)} 的字典"), found=_kind(result)
    )
    return result, weights, x


def _kind(value) -> str:
    return f"dict with {', '.join(map(str, value))}" if isinstance(value, dict) else type(value).__name__


@deploy.run("bound", points=2, title=Text("weights bound in the module", "权重已绑定到模块"))
def _(call, rng):
    result, weights, _x = _deployed(call, rng)
    func = graph(result["module"], "classify")
    names = [p.name for p in func.params]
    require(names == ["x"], expected=Text("the parameter x alone", "只剩参数 x"), found=listing(names))
    constants = []
    relax.analysis.post_order_visit(
        func.body, lambda e: constants.append(e.value.numpy()) if isinstance(e, GenericConst) else None
    )
    for name, array in weights.items():
        wanted = array.astype("float32")
        held = any(c.dtype == wanted.dtype and np.array_equal(c, wanted) for c in constants)
        found = listing([f"{c.dtype} {c.shape}" for c in constants])
        hint = Text(
            "The weights come in float64, the parameters are float32.", "传入的权重是 float64，参数是 float32。"
        )
        expected = Text(f"{name} as a float32 constant", f"{name} 作为 float32 常量")
        require(held, expected=expected, found=found, hint=hint)


@deploy.run("file", points=1, title=Text("file that holds the weights", "文件中含有权重"))
def _(call, rng):
    result, weights, x = _deployed(call, rng)
    file = _file(result)
    missing = [name for name, array in weights.items() if array.astype("float32").tobytes() not in file.tobytes()]
    hint = Text("Compile and export the module after binding.", "先绑定，再编译并导出。")
    complete = Text("all weights in the file", "文件中含有全部权重")
    require(
        not missing, expected=complete, found=Text(f"no {', '.join(missing)}", f"缺少 {'、'.join(missing)}"), hint=hint
    )
    _expect(call.library(file, x, entry="classify"), _classified(x, weights, "sigmoid"), where=_AGAIN, hint=hint)


_AGAIN = Text("your file, loaded elsewhere", "在别处加载你的文件")


def _file(result) -> np.ndarray:
    file = result["file"]
    right = isinstance(file, np.ndarray) and file.dtype == np.uint8 and file.ndim == 1
    wanted = Text("the file's bytes as a uint8 array", "文件的字节，uint8 数组")
    require(right, expected=wanted, found=_kind(file))
    content = file.tobytes()
    library = content[:4] in (b"\x7fELF", b"\xcf\xfa\xed\xfe") or content[:2] == b"MZ"
    require(library, expected=Text("a shared library", "一个共享库"), found=repr(content[:4]))
    exported = b"__tvm_ffi__library_bin" in content and b"classify" in content
    ours = Text("a library with the function classify, exported by TVM", "由 TVM 导出、含有函数 classify 的库")
    require(exported, expected=ours, found=Text("another library", "别的库"))
    return file


@deploy.run("scores", points=2, title=Text("right scores", "结果正确"))
def _(call, rng):
    hint = Text(
        "Run the function of the loaded library: what the module computes is its own affair.",
        "请运行所加载的库中的函数：模块算什么，由模块自己决定。",
    )
    for activation in rng.permutation(list(ACTIVATIONS))[:2]:
        result, weights, x = _deployed(call, rng, str(activation))
        where = Text(f"a module with {activation}", f"含 {activation} 的模块")
        _expect(result["scores"], _classified(x, weights, activation), where=where, hint=hint)
        # An array does not say where it comes from: the file has to give such scores for other images.
        other = _normal(rng, 5, x.shape[1])
        again = _run_file(call, _file(result), other, weights)
        _expect(again, _classified(other, weights, activation), where=_AGAIN, hint=hint)


def _classified(x, weights, activation):
    return ACTIVATIONS[str(activation)]((x.astype("float64") * weights["scale"]) @ weights["w"].T + weights["b"])


def _run_file(call, file, x, weights):
    """Scores by a library whose function takes ``x`` alone, or, where the weights were not bound, these as well."""
    try:
        return call.library(file, x, entry="classify")
    except CheckFailure:
        arrays = [weights[name].astype("float32") for name in ("scale", "w", "b")]
        return call.library(file, x, *arrays, entry="classify")


# A convolutional network with the builder.

conv_network = Task("conv_network", kind="module", title=Text("A convolutional network", "卷积网络"))
_CONV: list[Shape] = [(6, 2, 3, 3), (6,), (7, 6), (7,)]


@conv_network.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    _signature(mod, [("n", 2, 9, 8), *_CONV], ("n", 7))


@conv_network.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    _signature(mod, [("n", 2, 9, 8), *_CONV], ("n", 7), rows=False)
    _programs_only(mod, 5)


@conv_network.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    for rows in (1, 4, int(rng.integers(5, 200))):
        x, *weights = (_normal(rng, *shape) for shape in [(rows, 2, 9, 8), *_CONV])
        conv_w, conv_b, w, b = weights
        features = np.maximum(reference.conv2d(x, conv_w, conv_b)[:, :, ::2, ::2], 0).mean(axis=(2, 3))
        _expect(call(x, *weights), features @ w.T.astype("float64") + b, Text(f"{rows} images", f"{rows} 张图像"))


# Less memory.

less_memory = Task("less_memory", kind="module", title=Text("Less memory", "更少的内存"))
_WEIGHTS = [(48, 48)] * 5
FIRST_BOUND, SECOND_BOUND = 16000, 13000


def _does_the_work(mod: IRModule) -> None:
    """Without dead code, every operator of the given graph occurs at least as often as there, and no other."""
    _signature(mod, [(16, 48), *_WEIGHTS], (16, 48))
    well_formed(mod)
    _one_function(mod, Text("Write all operators into main.", "把所有算子都写在 main 里。"))
    alive = relax.transform.DeadCodeElimination()(mod)
    found, wanted = ([site.operator for site in calls(each)] for each in (alive, Ensemble))
    counts = {name: (found.count(name), wanted.count(name)) for name in sorted(set(wanted))}
    few = [f"{name} {ours}/{theirs}" for name, (ours, theirs) in counts.items() if ours < theirs]
    others = [f"{name} {found.count(name)}/0" for name in sorted(set(found) - set(wanted))]
    require(
        not few and not others,
        expected=Text("each operator of the given graph, as often as there", "给定计算图中的每个算子，次数不少于原图"),
        found=listing([*few, *others]),
        where=_NEEDED,
    )


def _plans(mod: IRModule, limit: int) -> None:
    _does_the_work(mod)
    hint = Text("Which values wait, and for what? Look at live_bytes.", "哪些值在等待，等的是什么？看看 live_bytes。")
    plans_at_most(mod, limit, hint=hint)


@less_memory.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x, *weights = (_normal(rng, *shape) for shape in [(16, 48), *_WEIGHTS])
    e = np.tanh(x.astype("float64"))
    _expect(call(x, *weights), sum(np.maximum(e @ w, 0) for w in weights) * e)


@less_memory.inspect("first", points=2, title=Text(f"at most {FIRST_BOUND} bytes", f"至多 {FIRST_BOUND} 字节"))
def _(mod):
    _plans(mod, FIRST_BOUND)


@less_memory.inspect("second", points=2, title=Text(f"at most {SECOND_BOUND} bytes", f"至多 {SECOND_BOUND} 字节"))
def _(mod):
    _plans(mod, SECOND_BOUND)


TASKS = [two_layer, any_rows, from_library, deploy, conv_network, less_memory]
