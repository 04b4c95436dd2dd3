"""Run the text of a function that goes element by element: loops, scalars and single elements, and nothing else.

A function whose text is all there is can be run where its author has no say. What would reach a whole array is
refused before anything runs; arrays are seen through ``ScalarArray``. NumPy makes arrays of lists and numbers by
itself (``[1, 2] + x[0]``): such an array cannot be read.
"""

import ast
import importlib
import inspect
import math
import textwrap
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.loop_language import CONTAINER, NO_ARRAY, NODES
from mlc_ref.checks.loop_names import (
    ALLOWED_ATTRIBUTES,
    EXPECTED,
    MODULES,
    PLACES,
    SAFE,
    container,
    ignored,
    no_array,
    unusable,
)
from mlc_ref.checks.scalars import HINT, WholeArrayOperation, scalar_views
from mlc_ref.language import Text

MAX_TEXT = 100_000


@dataclass(frozen=True)
class LoopText:
    """A function as text.

    Attributes:
        entry: its name in ``text``, where it stands with the functions and numbers it uses.
        modules: names by which ``text`` calls NumPy and other modules, or functions of them:
            ``{"np": "numpy", "product": "itertools.product"}``.
    """

    text: str
    entry: str
    modules: dict[str, str] = field(default_factory=dict)


def text_of(function: Callable[..., Any]) -> LoopText:
    """The text of a function, with the functions and numbers of its module that it uses.

    Raises:
        CheckFailure: it is no plain function, or uses names of another kind.
    """
    texts: dict[str, str] = {}
    modules: dict[str, str] = {}
    waiting = [(function.__name__, function)]
    while waiting:
        called, one = waiting.pop()
        text = _source(one)
        texts[called] = text
        for name in _names(text):
            value = one.__globals__.get(name, one)
            if isinstance(value, types.ModuleType):
                modules[name] = value.__name__
            elif _place_of(value):
                modules[name] = _place_of(value)
            elif isinstance(value, types.FunctionType) and _is_called(value, name) and name not in texts:
                waiting.append((name, value))
            elif (type(value) in (bool, int, float) or isinstance(value, np.number)) and math.isfinite(value):
                texts[name] = f"{name} = {value.item() if isinstance(value, np.number) else value!r}\n"
    return LoopText("\n".join(texts.values()), function.__name__, modules)


def run(source: LoopText, arguments: tuple[Any, ...]) -> Any:
    """Call a function given as text; it sees arrays as ``ScalarArray`` and writes through to them.

    Raises:
        WholeArrayOperation: the text holds, or does, what is no loop over single elements.
    """
    code = _compiled(_vetted(source.text))
    known = {name: PLACES[place] for name, place in source.modules.items() if place in PLACES}
    scope: dict[str, Any] = {
        "__builtins__": {**SAFE, "print": ignored},
        **known,
        NO_ARRAY: no_array,
        CONTAINER: container,
    }
    exec(code, scope)
    function = scope.get(source.entry)
    if not isinstance(function, types.FunctionType):
        raise unusable(Text(f"no function {source.entry[:80]}", f"没有函数 {source.entry[:80]}"))
    return function(*scalar_views(arguments))


def _is_called(function: types.FunctionType, name: str) -> bool:
    """Whether the text of a function makes one of that name: by ``def``, or ``name = lambda …`` in a statement of its own."""
    if function.__name__ != "<lambda>":
        return function.__name__ == name
    try:
        (statement,) = ast.parse(_source(function)).body
    except (SyntaxError, ValueError, CheckFailure):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda) else []
    return [target.id for target in targets if isinstance(target, ast.Name)] == [name]


def _place_of(value: Any) -> str:
    """``itertools.product`` for that function, however it was imported; nothing for what is not offered."""
    for module, names in MODULES.items():
        for name in vars(names):
            if callable(value) and value is getattr(importlib.import_module(module), name, None):
                return f"{module}.{name}"
    return ""


def _source(function: Any) -> str:
    if not isinstance(function, types.FunctionType):
        raise unusable(Text(f"a {type(function).__name__}", f"类型为 {type(function).__name__} 的值"))
    if function.__closure__:
        names = ", ".join(function.__code__.co_freevars)
        name = function.__name__
        raise unusable(
            Text(f"{name}, which uses {names} of the function around it", f"{name}，它使用了外层函数的 {names}")
        )
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise unusable(
            Text(f"{function.__name__}, whose text cannot be found", f"{function.__name__}，找不到它的源代码")
        ) from error


def _names(text: str) -> Iterator[str]:
    """Names the text reads, in order."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    yield from dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _vetted(text: str) -> ast.Module:
    if len(text) > MAX_TEXT:
        raise unusable(Text(f"{len(text)} characters", f"{len(text)} 个字符"))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise unusable(Text.english(str(error)[:200])) from error
    _drop_annotations(tree)
    refused = [node for node in ast.walk(tree) if not _is_plain(node)]
    if refused:
        raise _refused(text, min(refused, key=lambda n: (getattr(n, "lineno", 0), getattr(n, "col_offset", 0))))
    return tree


def _compiled(tree: ast.Module) -> types.CodeType:
    try:
        return compile(ast.fix_missing_locations(_Guarded().visit(tree)), "<your function>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise unusable(Text.english(str(error)[:200])) from error


class _Guarded(ast.NodeTransformer):
    """Where a value is indexed, looped over or unpacked, it is first seen that it is no array of NumPy's."""

    def visit(self, node: ast.AST) -> Any:
        """Guard the parts of a node that are read piece by piece."""
        self.generic_visit(node)
        if isinstance(node, ast.Subscript):
            node.value = _guarded(CONTAINER, node.value)
        elif isinstance(node, ast.Starred) or (isinstance(node, ast.Attribute) and node.attr == "item"):
            node.value = _guarded(NO_ARRAY, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            node.iter = _guarded(NO_ARRAY, node.iter)
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Tuple | ast.List) for t in node.targets):
            node.value = _guarded(NO_ARRAY, node.value)
        return node


def _guarded(guard: str, value: ast.expr) -> ast.expr:
    name = ast.copy_location(ast.Name(guard, ast.Load()), value)
    return ast.copy_location(ast.Call(name, [value], []), value)


def _drop_annotations(tree: ast.Module) -> None:
    """Take the types of names and results out of the text: they compute nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.copy_location(ast.Constant(None), node.annotation)


def _is_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute | ast.Starred) and not isinstance(node.ctx, ast.Load):
        return False
    if isinstance(node, ast.Name | ast.FunctionDef | ast.arg):
        name = node.arg if isinstance(node, ast.arg) else node.name if isinstance(node, ast.FunctionDef) else node.id
        return not name.startswith("__") and not getattr(node, "decorator_list", [])
    if isinstance(node, ast.Attribute):
        return node.attr in ALLOWED_ATTRIBUTES
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return not isinstance(node.op, ast.MatMult)
    if isinstance(node, ast.Subscript):
        index = node.slice
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        return not any(isinstance(p, ast.Slice) or (isinstance(p, ast.Constant) and p.value is ...) for p in parts)
    if isinstance(node, ast.Constant):
        return node.value is None or node.value is ... or type(node.value) in (bool, int, float, str)
    return isinstance(node, (*NODES, ast.Slice))


def _refused(text: str, node: ast.AST) -> WholeArrayOperation:
    shown = (ast.get_source_segment(text, node) or type(node).__name__).strip().splitlines()[0][:80]
    line = getattr(node, "lineno", 1)
    where = Text(f"line {line} of your function", f"函数的第 {line} 行")
    return WholeArrayOperation(expected=EXPECTED, found=Text.code(shown), where=where, hint=HINT)
