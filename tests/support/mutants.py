"""What makes mutants of a solution: the same text with one thing changed, as a mistake or a shortcut would."""

import ast
import copy
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mlc_course.exercises.source import BEGIN_SOLUTION, END_SOLUTION

_BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mod,
           ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
           ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}  # fmt: skip
_COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
_NAMES = {
    "max": ["min"], "min": ["max"], "exp": ["sqrt"], "tanh": ["exp"], "add": ["multiply"], "multiply": ["add"],
    "subtract": ["add"], "relu": ["tanh"], "matmul": ["multiply"], "any": ["all"], "all": ["any"],
    "parallel": ["vectorize", "unroll"], "vectorize": ["parallel", "unroll"], "unroll": ["vectorize", "parallel"],
    "min_value": ["max_value"], "spatial": ["reduce"], "reduce": ["spatial"], "compute_at": ["reverse_compute_at"],
    "reverse_compute_at": ["compute_at"], "cache_read": ["cache_write"], "argmin": ["argmax"], "argmax": ["argmin"],
    "append": ["extend"], "isinf": ["isfinite"], "isfinite": ["isinf"],
}  # fmt: skip
_SPOIL = """
def _spoil(value):
    import numpy as np, tvm
    if isinstance(value, list): value.append(value[-1] if value else 0)
    elif isinstance(value, dict): value.clear()
    elif isinstance(value, np.ndarray) and value.size and value.dtype.kind in "fiu": value += 1
    elif isinstance(value, tvm.IRModule) and value.functions:
        name = list(value.get_global_vars())[0]; value[tvm.ir.GlobalVar(name.name_hint + "_spoilt")] = value[name]
"""


@dataclass(frozen=True)
class Mutant:
    """A changed solution; ``name`` is its line, what stood there, and what stands there now."""

    name: str
    code: str


@cache
def mutants(code: str) -> list[Mutant]:
    """All mutants of the text of an answer cell, each different from the others."""
    tree, starter = ast.parse(code), _starter(code)
    found: dict[str, Mutant] = {}
    for path in _paths(tree):
        node = _at(tree, path)
        if getattr(node, "lineno", 0) in starter:
            continue
        for label, new in _replacements(node, tree):
            changed = copy.deepcopy(tree)
            _replace(changed, path, new)
            text = ast.unparse(ast.fix_missing_locations(changed))
            before = "return" if isinstance(node, ast.Return) else ast.unparse(node).splitlines()[0][:60]
            name = f"{getattr(node, 'lineno', 0)}: {before} → {label}"
            while text not in found and any(name == each.name for each in found.values()):
                name += " (again)"
            found.setdefault(text, Mutant(name, text))
    found.pop(ast.unparse(tree), None)
    return [*found.values(), *_spoiling(code, tree)]


def _starter(code: str) -> set[int]:
    """Lines that learners are given: those outside of the marks of the solution, if there are any."""
    lines = [line.strip() for line in code.splitlines()]
    outside, given = BEGIN_SOLUTION in lines, set()
    for number, line in enumerate(lines, 1):
        if line in (BEGIN_SOLUTION, END_SOLUTION):
            outside = line == END_SOLUTION
        if outside:
            given.add(number)
    return given


def _paths(node: ast.AST, path: tuple = ()) -> Iterator[tuple]:
    """Where each node stands below ``node``: names of fields, with positions in lists."""
    yield path
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "annotation", "returns", "args") and not isinstance(node, ast.Call):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield from _paths(child, (*path, (field, place)))


def _at(node, path: tuple):
    for field, place in path:
        node = getattr(node, field) if place is None else getattr(node, field)[place]
    return node


def _replace(tree: ast.AST, path: tuple, new) -> None:
    parent = _at(tree, path[:-1])
    field, place = path[-1]
    if place is None:
        setattr(parent, field, new)
    elif isinstance(new, list):
        getattr(parent, field)[place : place + 1] = new or ([ast.Pass()] if isinstance(parent, ast.stmt) else [])
    else:
        getattr(parent, field)[place] = new


def _replacements(node: ast.AST, tree: ast.AST) -> Iterator[tuple[str, object]]:
    """What may stand at the place of a node, each with a label."""
    for make in (_statements, _operators, _conditions, _constants, _orders, _names):
        for label, new in make(node, tree):
            yield label or ast.unparse(ast.fix_missing_locations(new)).splitlines()[0][:60], new


def _statements(node, tree):
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.If | ast.For | ast.With | ast.Continue):
        yield "nothing", []
    if isinstance(node, ast.Expr | ast.AugAssign):
        yield "twice", [node, copy.deepcopy(node)]
    if isinstance(node, ast.AugAssign):
        yield None, ast.Assign([node.target], node.value)
    if isinstance(node, ast.Return) and node.value is not None:
        for name in _parameters_around(node, tree):
            yield f"return {name}", ast.Return(ast.Name(name, ast.Load()))
        for child in ast.iter_child_nodes(node.value):
            if isinstance(child, ast.expr) and not isinstance(child, ast.Constant):
                yield f"return {ast.unparse(child)[:50]}", ast.Return(child)
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and node.iter.args:
        shorter, steps = copy.deepcopy(node), copy.deepcopy(node.iter)
        last = steps.args[-1]
        shorter.iter, steps.args[-1] = steps, ast.BinOp(last, ast.Sub(), ast.Constant(1))
        if not isinstance(last, ast.Starred) and ast.unparse(node.iter.func) in ("range", "T.grid", "T.serial"):
            yield f"for … in {ast.unparse(steps)}", shorter


def _parameters_around(node, tree):
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(each is node for each in ast.walk(function)):
            return [arg.arg for arg in function.args.args if arg.arg != "self"]
    return []


def _operators(node, _tree):
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _BINARY:
        new = copy.deepcopy(node)
        new.op = _BINARY[type(node.op)]()
        yield None, new
    if isinstance(node, ast.BinOp):
        yield None, node.left
        yield None, node.right
    if isinstance(node, ast.UnaryOp):
        yield None, node.operand
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            compared = copy.deepcopy(node)
            compared.ops[place] = _COMPARE[type(operator)]()
            yield None, compared


def _conditions(node, _tree):
    if isinstance(node, ast.BoolOp):
        yield None, ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield None, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    if isinstance(node, ast.If | ast.IfExp):
        for label, test in [("if True", ast.Constant(True)), ("if False", ast.Constant(False)),
                            ("if not", ast.UnaryOp(ast.Not(), node.test))]:  # fmt: skip
            new = copy.deepcopy(node)
            new.test = test
            yield label, new
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "no condition", ast.comprehension(node.target, node.iter, [], node.is_async)


def _constants(node, tree):
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield None, ast.Constant(not value)
    elif isinstance(value, int):
        for other in {value + 1, value - 1, 0} - {value}:
            yield None, ast.Constant(other)
    elif isinstance(value, float):
        for number in (value * 1.01, -value, 0.0):
            yield None, ast.Constant(number)
    elif isinstance(value, str) and value and set(value) <= set("SR"):
        for place, letter in enumerate(value):
            yield None, ast.Constant(value[:place] + ("R" if letter == "S" else "S") + value[place + 1 :])
    elif isinstance(value, str) and not _is_label(node, tree):
        texts = sorted({n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)})
        others = [text for text in texts if text != value]
        if others and not value.startswith(("float", "int")):
            yield None, ast.Constant(others[zlib.crc32(value.encode()) % len(others)])


def _is_label(node, tree):
    """Whether a text only names a block."""
    return any(
        isinstance(call, ast.Call) and ast.unparse(call.func) == "T.sblock" and node in call.args
        for call in ast.walk(tree)
    )


_EITHER_WAY = ("max", "min", "T.max", "T.min", "np.maximum", "np.minimum")
_CASTS = ("float", "int", "bool", "list", "tuple", "T.float32", "T.int64", "np.float32", "int64", "Text")


def _orders(node, _tree):
    """Neighbours swapped: arguments, indices, elements of tuples and lists."""
    field = {ast.Call: "args", ast.Tuple: "elts", ast.List: "elts"}.get(type(node), "")
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if called in _EITHER_WAY:
        field = ""
    for place in range(len(getattr(node, field, ())) - 1):
        new = copy.deepcopy(node)
        parts = getattr(new, field)
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
        yield None, new
    if isinstance(node, ast.Call):
        for place in range(len(node.keywords)):
            new = copy.deepcopy(node)
            gone = new.keywords.pop(place)
            yield f"without {gone.arg}", new
        if len(node.args) == 1 and not node.keywords and called not in _CASTS:
            yield None, node.args[0]


def _names(node, _tree):
    if isinstance(node, ast.Attribute):
        for name in _NAMES.get(node.attr, []):
            yield None, ast.Attribute(node.value, name, node.ctx)
    if isinstance(node, ast.Name):
        for name in _NAMES.get(node.id, []):
            yield None, ast.Name(name, node.ctx)


def _spoiling(code: str, tree: ast.Module) -> list[Mutant]:
    """The first function changes an argument before it returns its result."""
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef) and not each.decorator_list]
    made = []
    for arg in functions[0].args.args if functions else []:
        wrapper = f"\n_inner = {functions[0].name}\ndef {functions[0].name}(*args):\n    result = _inner(*args)\n" + (
            f"    _spoil(args[{functions[0].args.args.index(arg)}])\n    return result\n"
        )
        made.append(Mutant(f"spoils {arg.arg}", code + _SPOIL + wrapper))
    return made
