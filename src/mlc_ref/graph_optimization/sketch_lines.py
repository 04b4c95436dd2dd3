"""The lines of a ``Sketch``, read before TVM's parser sees them: a typo is told in one line."""

import ast
import builtins
import difflib
from collections.abc import Iterable, Iterator, Sequence

from mlc_ref.language import Text, for_print

_GIVEN = ("R", "T", "I")
_BUILTINS = frozenset(dir(builtins))  # such as float("inf") of a constant

_NO_BINDING = Text(
    "{place} is no binding; write one such as 'total = R.add(x, y)'",
    "{place} 不是绑定；请写成 'total = R.add(x, y)' 这样的绑定",
)
_UNREADABLE = Text("{place} cannot be read: {reason}", "{place} 有语法错误，英文原文：{reason}")
_UNKNOWN = Text(
    "{place}: nothing is called {name!r} here; known are {known}", "{place}：这里没有名字 {name!r}；可用的有 {known}"
)
_NO_OPERATOR = Text("{place}: there is no {name}{meant}", "{place}：没有 {name}{meant}")
_MEANT = Text("; did you mean {name}?", "；是否要写 {name}？")


def check_lines(parameters: Iterable[str], lines: Sequence[str], result: str) -> None:
    """Every line binds a name, and uses names and operators that exist.

    Args:
        parameters: names known before the first line.
        result: the name that is returned, or several, separated by commas.

    Raises:
        ValueError: the first line that does not, what was found there, and what is known.
    """
    known = list(parameters)
    for statement in _statements(_parsed(lines).body):
        place = _place(lines, statement.lineno)
        bound = _bound(statement)
        if not (bound or ast.unparse(statement).startswith("R.output(")):
            raise ValueError(for_print(_NO_BINDING.format(place=place)))
        inside = _stored(statement) - bound  # the variables of comprehensions, known in this statement alone
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in inside | _BUILTINS:
                _require_known(node.id, [*known, *_GIVEN], place)
            elif isinstance(node, ast.Attribute):
                _require_operator(node, place)
        known += sorted(bound)
    for name in result.split(","):
        _require_known(name.strip(), known, Text(f"Sketch: result {result!r}", f"Sketch：result {result!r}"))


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a binding, annotated or not, gives to its value."""
    if isinstance(statement, ast.Assign):
        return set().union(*map(_stored, statement.targets))
    return _stored(statement.target) if isinstance(statement, ast.AnnAssign) and statement.value else set()


def _stored(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _parsed(lines: Sequence[str]) -> ast.Module:
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError as error:
        raise ValueError(
            for_print(_UNREADABLE.format(place=_place(lines, error.lineno or 1), reason=error.msg))
        ) from None


def _place(lines: Sequence[str], number: int) -> Text:
    line = min(number, len(lines)) - 1
    return Text(f"Sketch: lines[{line}] {lines[line]!r}", f"Sketch：lines[{line}] {lines[line]!r}")


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """In order; those of a ``with R.dataflow():`` stand in its place."""
    for statement in body:
        yield from _statements(statement.body) if isinstance(statement, ast.With) else [statement]


def _require_known(name: str, known: Sequence[str], place: Text) -> None:
    if name not in known:
        raise ValueError(for_print(_UNKNOWN.format(place=place, name=name, known=", ".join(known))))


def _require_operator(node: ast.Attribute, place: Text) -> None:
    """``R.nn.relu`` is found in the namespace of TVMScript; attributes of anything else are TVM's to judge."""
    from tvm.script import relax as R

    path = ast.unparse(node).split(".")
    if path[0] != "R":
        return
    owner: object = R
    for done, name in enumerate(path[1:], 1):
        if not hasattr(owner, name):
            near = difflib.get_close_matches(name, dir(owner), 1)
            meant = _MEANT.format(name=".".join([*path[:done], near[0]])) if near else Text.code("")
            raise ValueError(for_print(_NO_OPERATOR.format(place=place, name=".".join(path[: done + 1]), meant=meant)))
        owner = getattr(owner, name)
