"""The listings of a page, parts of ``mlc_ref`` shown with ``literalinclude``, and what of ``mlc_ref`` they call."""

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mlc_course.content.page_references import directives
from mlc_course.content.pages import Page, without_blocks
from mlc_course.content.source_part import source_part

PACKAGE = "mlc_ref"
_LINK = re.compile(r"\[(?P<text>(?:`[^`]*`|[^\]`])*)\]\((?P<target>[^)\s]+)\)")
_NAME = re.compile(r"\w+")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Listing:
    """One listing of a page.

    Attributes:
        line: the number of its first line in the file of the page.
        module: the module it is a part of, such as ``mlc_ref.gpu.schedules.common``.
        object: the function or class that it shows, or a part of which; empty where its lines are chosen without one.
        text: the lines that are shown.
    """

    line: int
    module: str
    object: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The shown lines; a first line that stands deeper than the last does not matter.

        Raises:
            SyntaxError: they are no statements.
        """
        try:
            return ast.parse(self.text)
        except IndentationError:
            first, _, rest = self.text.partition("\n")
            indent = len(first) - len(first.lstrip())
            kept = [line for line in rest.splitlines() if not line.strip() or line.startswith(" " * indent)]
            return ast.parse(textwrap.dedent("\n".join([first, *kept])))


def listings(page: Page, root: Path) -> list[Listing]:
    """The listings of ``mlc_ref`` on a page, those in folds included.

    Raises:
        ValueError: a file has no such part.
    """
    found = []
    for block in directives(page):
        path = (page.path.parent / block.argument).resolve()
        if block.name == "literalinclude" and path.is_relative_to((root / "src" / PACKAGE).resolve()):
            text = "\n".join(source_part(path.read_text("utf-8"), block.options))
            module = ".".join(path.relative_to((root / "src").resolve()).with_suffix("").parts)
            found.append(Listing(block.line, module, block.options.get("pyobject", ""), text))
    return found


def definitions(listing: Listing) -> set[str]:
    """Functions and classes that a listing shows, with their module: ``mlc_ref.gpu.schedules.common.bind``."""
    names = {node.name for node in ast.walk(listing.tree) if isinstance(node, _Definition)} | {listing.object}
    return {f"{listing.module}.{name}" for name in names if name}


def called(listing: Listing, root: Path) -> set[str]:
    """Functions and classes of ``mlc_ref`` that a listing calls or hands on, with the modules that define them.

    A type in an annotation is no call; neither is a class that is only looked into.
    """
    known = _namespace(listing.module, root)
    found = set()
    for node in _values(listing.tree):
        if isinstance(node, ast.Name):
            found.add(known.get(node.id, ""))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{known.get(node.value.id, '')}.{node.attr}")
    return {defined for name in found if (defined := _defined(name, root))}


def explained(page: Page) -> set[str]:
    """Names in backticks that are part of a link's text: where it leads, they are explained."""
    links = _LINK.finditer(without_blocks(page.text))
    return {name for link in links for code in re.findall("`[^`]*`", link["text"]) for name in _NAME.findall(code)}


def _values(tree: ast.AST) -> Iterator[ast.expr]:
    """What is called, decorates, or is an argument of a call."""
    for node in ast.walk(tree):
        if isinstance(node, _Definition):
            yield from (each for each in node.decorator_list if not isinstance(each, ast.Call))
        if isinstance(node, ast.Call):
            yield from (node.func, *node.args, *(each.value for each in node.keywords))


def _defined(name: str, root: Path) -> str:
    """The function or class that a dotted name stands for, with the module that defines it; empty for anything else."""
    module, _, own = name.rpartition(".")
    target = _namespace(module, root).get(own, "")
    return target if target in (name, "") else _defined(target, root)


def _namespace(module: str, root: Path) -> dict[str, str]:
    """What the names of a module stand for, as far as it is of ``mlc_ref``: a module, or something one defines."""
    path = root / "src" / Path(*module.split("."))
    files = [each for each in (path.with_suffix(".py"), path / "__init__.py") if module and each.is_file()]
    return _names(module, files[0].read_text("utf-8")) if files else {}


@cache
def _names(module: str, source: str) -> dict[str, str]:
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    own = [node.name for node in tree.body if isinstance(node, _Definition)]
    return {
        each.asname or each.name: f"{node.module}.{each.name}"
        for node in imports
        if (node.module or "").split(".")[0] == PACKAGE
        for each in node.names
    } | {name: f"{module}.{name}" for name in own}
