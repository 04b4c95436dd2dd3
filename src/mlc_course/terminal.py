"""Text of others, such as names and messages of students, made safe and aligned for a terminal or a log."""

import logging
import os
import unicodedata
from collections.abc import Sequence
from typing import Any

MAX_MARKS = 4  # accents on one letter; more of them write over the lines above and below
# Printable by Python's book, and yet nothing is seen of them: fillers, joiners and selectors of variants.
_UNSEEN = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)  # fmt: skip


def printable(text: str, *, keep: str = "") -> str:
    r"""The text with everything a terminal would obey or hide written as an escape, such as ``\x1b``.

    That is: control characters, line and paragraph separators, marks of direction, characters without width,
    halves of characters (of names that are not UTF-8), and accents heaped on one letter.

    Args:
        keep: characters that stay, for example the line ends of a log.
    """
    if text.isascii() and text.isprintable():
        return text
    marks, said = 0, []
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        harmless = character.isprintable() and character not in _UNSEEN and marks <= MAX_MARKS
        said.append(character if harmless or character in keep else character.encode("unicode_escape").decode())
    return "".join(said)


def one_line(text: str, length: int) -> str:
    """The text, printable, on one line, and cut to a length."""
    line = printable(" ".join(text[: 10 * length].split()))
    return line if len(line) <= length else line[: length - 1] + "…"


def width(text: str) -> int:
    """Columns that printable text takes: Chinese characters two each, accents none."""
    from wcwidth import wcswidth

    columns = wcswidth(text)
    return columns if columns >= 0 else len(text)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns side by side; the last one is as long as it needs to be."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def escape_log_records() -> None:
    """Have every log record of this process made printable, whichever library writes it."""
    make = logging.getLogRecordFactory()
    if getattr(make, "escapes", False):
        return

    def escaped(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make(*arguments, **named)
        if isinstance(record.args, tuple):
            record.args = tuple(
                printable(str(value)) if isinstance(value, str | os.PathLike) else value for value in record.args
            )
        try:
            record.msg, record.args = printable(record.getMessage(), keep="\n\t"), ()
        except Exception:  # of the arguments; the handler tells it, as it does without us
            return record
        return record

    escaped.escapes = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(escaped)
