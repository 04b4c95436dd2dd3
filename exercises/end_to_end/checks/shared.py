"""What several items of the set share."""

import re

import numpy as np
from tvm import IRModule, relax, tirx

from mlc_ref.checks import arrays_match, require
from mlc_ref.checks.bounds import accesses_in_bounds
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.index_math import evaluate
from mlc_ref.checks.sites import function, listing
from mlc_ref.language import Text
from mlc_ref.tensor_programs.axes import check_axes

SIGNATURE = Text("parameters and result", "参数与结果")


STRUCTURE = Text("graph and tensor programs", "计算图与张量程序")


NUMBERS = Text("right numbers", "数值正确")


Shape = tuple[int | str, ...]


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def expect(found, expected, where=None, hint=None):
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


def signature(mod: IRModule, inputs: list[Shape], output: Shape, entry: str = "main", *, rows: bool = True) -> None:
    """Parameters and result are float32 tensors of these shapes; a string stands for a symbolic size.

    Without ``rows``, the first size of the first parameter and of the result may be anything.
    """
    func = graph(mod, entry)
    letters: dict = {}
    symbols = {letter: letters.setdefault(letter, f"n{len(letters)}") for s in [*inputs, output] for letter in s
               if isinstance(letter, str)}  # fmt: skip
    wanted = [f"float32 ({', '.join(symbols.get(str(s), str(s)) for s in shape)})" for shape in [*inputs, output]]
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


def programs_only(mod: IRModule, at_least: int) -> None:
    """The graph is one dataflow block of calls to tensor programs of the module, at least this many."""
    well_formed(mod)
    hint = Text("Every operation is an R.call_tir of a tensor program.", "每个运算都应是对张量程序的 R.call_tir。")
    no_extern_calls(mod)
    only_operators(mod, {"relax.call_tir"}, hint=hint)
    one_function(mod, hint)
    dataflow = Text(
        "Put every operation into one `with R.dataflow():`, or one `with builder.dataflow():`, and mark its result as output.",
        "把所有运算放进同一个 `with R.dataflow():`（或 `with builder.dataflow():`）中，并把结果标为输出。",
    )
    one_dataflow_block(mod, hint=dataflow)
    found = calls(relax.transform.DeadCodeElimination()(relax.transform.Normalize()(mod)))
    require(
        len(found) >= at_least,
        expected=Text(f"at least {at_least} calls of tensor programs", f"至少 {at_least} 次调用张量程序"),
        found=listing([str(site) for site in found]),
        where=NEEDED,
    )
    sizes: dict = {}
    for site in found:
        sound(function(mod, str(site.target)), _arguments(site.call, sizes))


NEEDED = Text("calls that the result needs", "结果所需的调用")


def one_function(mod: IRModule, hint: Text | None = None) -> None:
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


def _arguments(call, sizes: dict) -> list[tuple[int, ...] | int]:
    """What a tensor program is called with: the shape of each array, results last, and then plain sizes.

    Symbolic sizes of the graph get a number each, the same one in all calls, kept in ``sizes``.
    """
    inputs, result = call.args[1].ty.fields, call.ty
    arrays = [*inputs, *(result.fields if isinstance(result, relax.TupleType) else [result])]
    plain = call.args[2].values if len(call.args) > 2 else ()
    known = all(isinstance(getattr(each, "shape", None), relax.ShapeExpr) for each in arrays)
    wanted = Text("arrays of known sizes", "尺寸已知的数组")
    shown = listing([str(each) for each in arrays])
    require(known, expected=wanted, found=shown, where=str(call.args[0].name_hint))
    for size in (size for each in arrays for size in each.shape.values if isinstance(size, tirx.Var)):
        sizes.setdefault(size, 3 + 2 * len(sizes))
    shapes = [tuple(int(evaluate(size, sizes)) for size in each.shape.values) for each in arrays]
    return [*shapes, *(int(evaluate(size, sizes)) for size in plain)]


def sound(func: tirx.PrimFunc, arguments: list[tuple[int, ...] | int]) -> None:
    """A tensor program, called so, stays inside its buffers, and its blocks say the truth about their axes."""
    accesses_in_bounds(func, arguments)
    check_axes(func)


# A two-layer network, for three rows and for any number of rows.

LAYERS: list[Shape] = [(20, 12), (12,), (12, 5), (5,)]


def two_layers(x, w0, b0, w1, b1):
    hidden = np.clip(x.astype("float64") @ w0 + b0, 0, 6)
    return hidden @ w1 + b1


def judge_layers(call, rng, rows: int) -> None:
    x, *weights = (normal(rng, *shape) for shape in [(rows, 20), *LAYERS])
    # Large enough that both ends of the clip are reached.
    x *= 2
    hint = Text("The activation keeps what is between 0 and 6.", "激活函数只保留 0 到 6 之间的部分。")
    expect(call(x, *weights), two_layers(x, *weights), Text(f"{rows} rows", f"{rows} 行"), hint)


def _kind(value) -> str:
    return f"dict with {', '.join(map(str, value))}" if isinstance(value, dict) else type(value).__name__
