"""The part of a source file that a chapter shows with ``literalinclude``."""

import ast
import textwrap


def source_part(source: str, options: dict[str, str]) -> list[str]:
    """Lines chosen by ``pyobject``, ``start-at``, ``start-after``, ``end-at`` and ``end-before``, as Sphinx chooses them.

    Raises:
        ValueError: there is no such object or no such line.
    """
    lines = source.splitlines()
    if "pyobject" in options:
        lines = _object_lines(source, options["pyobject"])
    if "start-after" in options:
        lines = lines[_index(lines, options["start-after"]) + 1 :]
    if "start-at" in options:
        lines = lines[_index(lines, options["start-at"]) :]
    if "end-before" in options:
        lines = lines[: _index(lines, options["end-before"])]
    if "end-at" in options:
        lines = lines[: _index(lines, options["end-at"]) + 1]
    return textwrap.dedent("\n".join(lines)).strip("\n").splitlines()


def _index(lines: list[str], mark: str) -> int:
    found = [position for position, line in enumerate(lines) if mark in line]
    if not found:
        raise ValueError(f"literalinclude: no line holds {mark!r}")
    return found[0]


def _object_lines(source: str, name: str) -> list[str]:
    """Lines of a function, class or method (``Class.method``), decorators included."""
    node: ast.AST = ast.parse(source)
    for part in name.split("."):
        inside = [child for child in ast.iter_child_nodes(node) if getattr(child, "name", None) == part]
        if not inside:
            raise ValueError(f"literalinclude: there is no object {name!r}")
        node = inside[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return source.splitlines()[first - 1 : node.end_lineno]
