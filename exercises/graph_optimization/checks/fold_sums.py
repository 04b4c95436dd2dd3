"""Checks of the item ``fold_sums``: constants that meet."""

import re

import numpy as np
from tvm import IRModule, relax
from tvm.ir import GenericConst

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.graphs import calls, graph
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.language import Text

from .shared import NUMBERS, leaves_alone, require_calls, rewritten, same_numbers, sizes

# Constants.

fold_sums = Task("fold_sums", kind="program", title=Text("Constants that meet", "合并相邻的常量"))


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
    return Sketch(dict.fromkeys("xy", tuple(sizes(rng, 2))), [*first, f"m = R.multiply({a}, y)", *second], b)


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
    mod = rewritten(call, sketch)
    require_calls(mod, wanted, where, hint)
    named = {b.var: b.value for block in graph(mod).body.blocks for b in block.bindings}
    operands = [named.get(a, a) if isinstance(a, relax.Var) else a for site in calls(mod) for a in site.call.args]
    found = [a for a in operands if isinstance(a, GenericConst)]
    count = sum(name != "relax.multiply" for name in wanted) or 1
    number = Text(f"{count} constants", f"{count} 个常量")
    require(len(found) == count, expected=number, found=len(found), where=where, hint=_OF_THE_SUM)
    return mod


@fold_sums.run("two", points=2, title=Text("two constants meet", "合并两个相邻的常量"))
def _(call, rng):
    formulas = {"rr": "(x + c) + d", "lr": "(c + x) + d", "rl": "d + (x + c)", "ll": "d + (c + x)"}
    for sides, formula in formulas.items():
        depths = [0, int(sides[0] == "l")]
        lines, last = _sum_chain(rng, "x", "a", depths, sides)
        where = Text.code(formula)
        sketch = Sketch({"x": tuple(sizes(rng, 2))}, lines, last)
        _folded(call, sketch, ["relax.add"], where, _BOUND if depths[1] else _MEET)
    leaves_alone(call, sketch)
    for line, operator in (("R.multiply({}, x)", "multiply"), ("R.subtract({}, x)", "subtract")):
        made, constant = _constant(rng, "c", int(rng.integers(1, 3)))
        sketch = Sketch({"x": tuple(sizes(rng, 2))}, [*made, f"out = {line.format(constant)}"], "out")
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
    same_numbers(call, rng, mod, sketch)
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
    rows, (columns,) = len(results), sizes(rng, 1)
    shapes = {**dict.fromkeys("xy", (rows, columns)), **{f"row_{name}": (rows, 1) for name in results.values()}}
    lines, total = [*lines], ""
    for name in results.values():
        lines.append(f"kept_{name} = R.multiply({name}, row_{name})")
        if total:
            lines.append(f"total_{name} = R.add({total}, kept_{name})")
        total = f"total_{name}" if total else f"kept_{name}"
    sketch = Sketch(shapes, lines, total)
    mod, arrays = rewritten(call, sketch), sketch.arrays(rng)
    arrays[2:] = [np.eye(rows, dtype="float32")[:, i : i + 1] for i in range(rows)]
    found, expected = call.module(mod, *arrays), sketch.oracle(*arrays).astype("float32")
    for row, formula in enumerate(results):
        arrays_match(found[row], expected[row], rtol=1e-3, atol=1e-3, where=formula, hint=_EXACT)
