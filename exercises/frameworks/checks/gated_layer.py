"""Checks of the item ``gated_layer``: a module with the builder."""

from collections import Counter

import numpy as np
from tvm import relax, tirx
from tvm.ir import TensorLoad

from mlc_ref.checks import Task, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.sites import listing, nodes, reducing
from mlc_ref.checks.sites import sites as blocks
from mlc_ref.language import Text

from .shared import NUMBERS, _sizes, expect, normal

SIGNATURE = Text("parameters and result", "参数与结果")


# A module with the builder.

gated_layer = Task("gated_layer", kind="module", title=Text("A module with the builder", "用构建器做模块"))


_LAYER = [(16, 8), (16, 8), (8,)]


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
        x, w, v, b = (normal(rng, *shape) for shape in [(rows, 16), *_LAYER])
        value, gate = x.astype("float64") @ w, x.astype("float64") @ v
        found = call(x, w, v, b)
        hint = _gate_hint(found, value, gate, b) if isinstance(found, np.ndarray) else None
        expect(found, (value + b) / (1 + np.exp(-gate)), Text(f"{rows} rows", f"{rows} 行"), hint)
