"""The nodes of a module's JSON: what refers to what, and whether a node is of a declared type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mlc_course.grading.vetting.allowlist import OPERATORS, WITH_EXTERNS

SCHEMA_FILE = Path(__file__).with_name("node_schema.json")
_NULLABLE = {"Optional", "ir.Span", "ir.Attrs", "Any"}


@cache
def schema() -> dict[str, Any]:
    """Fields and ancestors of every whitelisted node type."""
    return json.loads(SCHEMA_FILE.read_text())


@dataclass
class ModuleGraph:
    """The nodes seen so far: their types, contents, depth and the number of visits a walk makes.

    Attributes:
        elements: of arrays and maps. Many nodes may refer to one; it is gone through once.
        fits: which of them are of which declared type.
        annotated: maps of annotations that were looked at.
        libraries: patterns of names that may stand in a graph which is not run.
    """

    nodes: list[dict[str, Any]]
    externs: Mapping[str, str]
    depth: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    elements: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    fits: dict[tuple[int, int], bool] = field(default_factory=dict)
    annotated: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.libraries = [name for name, text in self.externs.items() if not text]
        self.operators = OPERATORS | (WITH_EXTERNS if self.externs else frozenset())


def text_of(graph: ModuleGraph, index: int | None) -> Any:
    """The text of a node that is a text, plain or as an expression."""
    node = graph.nodes[index] if index is not None else {}
    if node.get("type") == "ir.StringImm":
        node = graph.nodes[node["data"]["value"]]
    return node.get("data") if node.get("type") == "ffi.String" else None


def fits(graph: ModuleGraph, child: int, wanted: Any) -> bool:
    """Whether a node is of a declared type, elements of arrays and maps included."""
    node = graph.nodes[child]
    kind = node["type"]
    outer, arguments = (wanted[0], wanted[1:]) if isinstance(wanted, list) else (wanted, [])
    if kind == "None":
        return outer in _NULLABLE
    if outer == "Any":
        return True
    if outer == "Optional":
        return fits(graph, child, arguments[0])
    if outer in ("ffi.Array", "ffi.Map"):
        if kind != outer:
            return False
        known = child, id(wanted)  # the table of types stays where it is
        if known not in graph.fits:
            elements = _elements(graph, child) if arguments else ()
            graph.fits[known] = all(fits(graph, c, arguments[i % len(arguments)]) for i, c in elements)
        return graph.fits[known]
    if outer == "ffi.BigInt":
        return kind == "int"
    if outer == "ffi.Object":
        return True
    if kind == "ir.Op":
        return outer in ("ir.Expr", "ir.Op")
    return kind == outer or outer in schema().get(kind, {"is": ()})["is"]


def _elements(graph: ModuleGraph, child: int) -> list[tuple[int, int]]:
    """Places and elements of an array or map, one for each type of element: the others fit where that one does."""
    if child not in graph.elements:
        found: dict[tuple[int, str, int], tuple[int, int]] = {}
        for place, element in enumerate(graph.nodes[child]["data"]):
            kind = graph.nodes[element]["type"]
            nested = element if kind in ("ffi.Array", "ffi.Map") else -1
            found.setdefault((place % 2, kind, nested), (place, element))
        graph.elements[child] = list(found.values())
    return graph.elements[child]
