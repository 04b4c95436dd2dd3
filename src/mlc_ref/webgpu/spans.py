"""Spans of integers: the least and the greatest value of a type or an expression."""

from typing import Any, TypeAlias

from mlc_ref.gpu_sim.elements import element_of

Span: TypeAlias = tuple[int, int]
"""Least and greatest value, both included."""


def scalar(ty: Any) -> str:
    """The name of an element type without its lanes."""
    element = element_of(ty)
    return str(element.dtype) if element else str(ty)


def is_integer(ty: Any) -> bool:
    """Whether a type, or a buffer's type, is one of integers; bool is none."""
    element = element_of(ty)
    return element is not None and element.dtype.kind in "iu"


def full(ty: Any) -> Span:
    """All integers of a type."""
    element = element_of(ty)
    assert element is not None
    bits, signed = 8 * element.dtype.itemsize, element.dtype.kind == "i"
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


def within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def union(first: Span | None, second: Span) -> Span:
    return second if first is None else (min(first[0], second[0]), max(first[1], second[1]))
