"""The one exception of every check."""

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from mlc_ref.language import Language, Text, for_print

_P = ParamSpec("_P")
_R = TypeVar("_R")

_LABELS = {
    "expected": Text("expected", "期望"),
    "found": Text("found", "实际"),
    "where": Text("where", "位置"),
}


def as_text(value: object) -> Text:
    """``Text`` as it is, anything else by its ``str``, the same in both languages; very long ones shortened."""
    text = value if isinstance(value, Text) else Text.code(str(value))
    return Text(*(shorten(said, MAX_TEXT) for said in (text.en, text.zh)))


MAX_TEXT = 4_000  # characters of each text of a failure: it goes into notebooks and the gradebook


def shorten(text: str, limit: int) -> str:
    """The text with its middle left out if it is long: errors of compilers say the point last."""
    if len(text) <= limit:
        return text
    return f"{text[: limit // 3]} … {text[-limit * 2 // 3 :]}"


def last_line(error: Exception) -> list[str]:
    """What an error says last, as a list of one line, empty where it says nothing: TVM's tell the point there."""
    return [line.strip() for line in str(error).strip().splitlines()[-1:]]


class CheckFailure(Exception):
    """An answer does not meet a requirement.

    Attributes:
        expected: what the requirement asks for.
        found: what the answer has instead.
        where: the block, loop, function or index concerned, if there is one.
        hint: what to look at next, if there is something to say.

    ``str`` gives the message in the reader's language.
    """

    def __init__(self, *, expected: object, found: object, where: object = None, hint: Text | None = None):
        self.expected = as_text(expected)
        self.found = as_text(found)
        self.where = None if where is None else as_text(where)
        self.hint = hint
        super().__init__(self.message.en)

    def __str__(self) -> str:
        return for_print(self.message)

    @property
    def message(self) -> Text:
        """``expected …; found …; where …`` in both languages, without the hint."""
        return Text(*(self._message(lang) for lang in ("en", "zh")))

    def _message(self, lang: Language) -> str:
        colon, stop = (": ", "; ") if lang == "en" else ("：", "；")
        rows = [("expected", self.expected), ("found", self.found), ("where", self.where)]
        return stop.join(f"{_LABELS[k].get(lang)}{colon}{v.get(lang)}" for k, v in rows if v is not None)


def require(
    condition: bool, *, expected: object, found: object, where: object = None, hint: Text | None = None
) -> None:
    """Raise ``CheckFailure`` unless ``condition`` holds."""
    if not condition:
        raise CheckFailure(expected=expected, found=found, where=where, hint=hint)


def judging(check: Callable[_P, _R]) -> Callable[_P, _R]:
    """A check of programs of any origin: what it cannot follow is a ``CheckFailure`` too, never another error.

    A call with wrong arguments, a mistake of the check's author, stays a ``TypeError``.
    """
    signature = inspect.signature(check)

    @functools.wraps(check)
    def judged(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        signature.bind(*args, **kwargs)
        try:
            return check(*args, **kwargs)
        except CheckFailure:
            raise
        except Exception as error:
            (said,) = last_line(error) or [type(error).__name__]
            raise CheckFailure(
                expected=Text("a program that this check can follow", "这项检查能够理解的程序"),
                found=Text.english(said),
                where=check.__name__,
            ) from error

    return judged
