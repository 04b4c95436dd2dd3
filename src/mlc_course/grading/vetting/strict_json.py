"""Parse JSON that a student's process wrote: bounded in size, depth and numbers, no repeated keys."""

import json
import math
from typing import Any

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text, TextError

MAX_DIGITS = 20
MAX_INTEGER = 2**63
MAX_VALUES = 1_500_000  # as objects of Python they take some 100 MB at most


class Refused(CheckFailure):
    """Data from a student's process is not what it has to be; it was not loaded, run or judged."""


def refuse(expected: Text, found: Text | str, hint: Text | None = None) -> Refused:
    """The refusal of something that should have been ``expected``."""
    return Refused(expected=expected, found=found, hint=hint)


def parse(text: str | bytes, *, limit: int, what: Text, finite: bool = False, depth: int | None = None) -> Any:
    """Parse JSON of at most ``limit`` bytes.

    Args:
        finite: refuse NaN and the infinities, with which comparisons go wrong.
        depth: levels that lists and objects may be nested.

    Raises:
        Refused: too long, not JSON, nested too deeply, a key twice in one object, an integer of more than 64 bits, or
            more values than ``MAX_VALUES``.
    """
    if len(text) > limit:
        raise refuse(
            Text(f"{what.en} of at most {limit} bytes", f"不超过 {limit} 字节的{what.zh}"),
            Text(f"{len(text)} bytes", f"{len(text)} 字节"),
        )
    require_few_values(text, MAX_VALUES, what)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_finite if finite else float,
            parse_constant=_finite if finite else float,
        )
        if depth is not None and _is_deeper(value, depth):
            raise RecursionError
        return value
    except (ValueError, RecursionError) as error:
        raise refuse(what, invalid_json(error)) from error


class Unfit(TextError, ValueError):
    """JSON of a form that is not accepted."""


def invalid_json(error: ValueError | RecursionError) -> Text:
    """What a parser of JSON says, in both languages; Python's own words are marked as English."""
    if isinstance(error, RecursionError):
        reason = _DEEP
    else:
        reason = error.text if isinstance(error, Unfit) else Text.english(str(error)[:200])
    return _INVALID.format(reason=reason)


_INVALID = Text("invalid JSON: {reason}", "无效的 JSON：{reason}")
_DEEP = Text("nested too deeply", "嵌套太深")


def require_few_values(text: str | bytes, most: int, what: Text) -> None:
    """Refuse text that would become so many values that they take far more memory than the text.

    Commas and brackets are counted, in strings too: it takes no time, and texts with more of them do not occur.
    """
    marks: tuple[Any, ...] = (b",", b"[", b"{") if isinstance(text, bytes) else (",", "[", "{")
    found = sum(text.count(mark) for mark in marks)
    if found > most:
        raise refuse(
            Text(f"{what.en} of at most {most} values", f"最多含 {most} 个值的{what.zh}"),
            Text(f"{found} values", f"{found} 个值"),
        )


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for outer in level
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, list | dict)
        ]
        if not level:
            return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit(Text("a key stands twice in one object", "同一个对象中有重复的键"))
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS or not -MAX_INTEGER <= int(digits) < MAX_INTEGER:
        raise Unfit(Text("an integer of more than 64 bits", "超过 64 位的整数"))
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unfit(Text("a number that is not finite", "不是有限的数"))
    return number
