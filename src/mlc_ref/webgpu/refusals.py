"""Refusals of programs that cannot run in a page, in both languages: where, what was got, what is allowed, what to do."""

from collections.abc import Sequence

from mlc_ref.kinds import refusal
from mlc_ref.language import Text
from mlc_ref.webgpu.limits import Unsupported


def unsupported(where: Text, got: Text | str, allowed: Text | str, then: Text) -> Unsupported:
    """The error for a part of a program.

    Args:
        where: the part, such as ``function("main")``.
        got, allowed: what it has and may have; a ``str`` reads the same in both languages.
        then: what to do.
    """
    return Unsupported(refusal(where, got, allowed, then))


def function(name: str, part: Text | None = None) -> Text:
    """A function, or a part of it, as a place."""
    return _within(Text(f"function {name}", f"函数 {name}"), part)


def kernel(name: str) -> Text:
    """A kernel as a place."""
    return Text(f"kernel {name}", f"内核 {name}")


def parameter(name: str) -> Text:
    """A parameter of a function, or several, as a part of it."""
    return Text(f"parameter {name}", f"参数 {name}")


def span(least: object, most: object) -> Text:
    """Numbers from one to another."""
    return Text(f"{least} to {most}", f"{least} 到 {most}")


def listed(names: Sequence[str]) -> Text:
    """Names of a program, one after the other."""
    return Text(", ".join(names), "、".join(names))


def _within(whole: Text, part: Text | None) -> Text:
    return Text(f"{whole.en}, {part.en}", f"{whole.zh}，{part.zh}") if part else whole
