"""Parse JSON that a student's process wrote: bounded in size, depth and numbers, no repeated keys."""

import json
import math
from typing import Any

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

MAX_DIGITS = 20
MAX_INTEGER = 2**63


class Refused(CheckFailure):
    """Data from a student's process is not what it has to be; it was not loaded, run or judged."""


def refuse(expected: Text, found: Text | str, hint: Text | None = None) -> Refused:
    """The refusal of something that should have been ``expected``."""
    return Refused(expected=expected, found=found, hint=hint)


def parse(text: str | bytes, *, limit: int, what: Text, finite: bool = False) -> Any:
    """Parse JSON of at most ``limit`` bytes.

    Args:
        finite: refuse NaN and the infinities, with which comparisons go wrong.

    Raises:
        Refused: too long, not JSON, nested too deeply, a key twice in one object, or an integer of more than 64 bits.
    """
    if len(text) > limit:
        raise refuse(
            Text(f"{what.en} of at most {limit} bytes", f"不超过 {limit} 字节的{what.zh}"), f"{len(text)} bytes"
        )
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_finite if finite else float,
            parse_constant=_finite if finite else float,
        )
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise refuse(what, f"invalid JSON: {reason[:200]}") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS or not -MAX_INTEGER <= int(digits) < MAX_INTEGER:
        raise ValueError("an integer of more than 64 bits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number that is not finite")
    return number
