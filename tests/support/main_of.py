"""The function of a module that a test writes in TVMScript."""

from typing import Any


def main_of(module: Any) -> Any:
    """The function ``main`` of a module; the type checker takes a decorated class for a class, which has no parts."""
    return module["main"]
