"""What a function may leave out and a test knows to be there, for the type checker and for a clear failure."""

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """The value, which is not ``None``."""
    assert value is not None
    return value
