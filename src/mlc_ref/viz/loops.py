"""Loop nests as short text, and as before/after pictures, computed from the program itself.

The text is TVMScript with everything left out that a reader of loop structure does not need: axis
declarations, reads and writes, attributes. Computed pictures cannot go stale.
"""

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from mlc_ref.kinds import invalid
from mlc_ref.language import Text
from mlc_ref.viz.board import MAX_WIDTH, Board

if TYPE_CHECKING:
    from mlc_ref.checks.sites import Subject

_KEPT = re.compile(r"(for |if |else:|while |with T\.init|with T\.sblock|T\.where|[\w.]+\[.*\] = |T\.call|T\.evaluate)")
_ROOT = re.compile(r'with T\.sblock\("root"\)')
_SHORTER = [
    (re.compile(r'with T\.sblock\("(\w+)"\):'), r"block \1:"),
    (re.compile(r"with T\.init\(\):"), "init:"),
    (re.compile(r"T\.(vectorized|parallel|unroll|serial|grid|thread_binding|where)"), r"\1"),
    (re.compile(r"T\.int64\((\d+)\)"), r"\1"),
    (re.compile(r"T\.float32\(([^()]*)\)"), r"\1"),
]
_SUM = re.compile(r"^( *)(\w+\[.*?\]) = \2 \+ ")
_LINE, _TOP, _SIDE = 14 * 1.4, 58, 16
_CHARACTER = 8.5


def loop_nest(subject: "Subject", entry: str = "main", *, blocks: bool = False) -> list[str]:
    """The loops and statements of a TensorIR function, one string a line, indented by two spaces a level.

    Args:
        subject: an ``IRModule``, ``PrimFunc`` or ``Schedule``.
        entry: the function's name where ``subject`` has several.
        blocks: whether to keep a line ``block <name>:`` for each block.

    Raises:
        CheckFailure: there is no such function.
    """
    from mlc_ref.checks.sites import function

    lines: list[str] = []
    open_indents: list[int] = []
    for raw in function(subject, entry).script().splitlines():
        line = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        while open_indents and open_indents[-1] >= indent:
            open_indents.pop()
        if not _KEPT.match(line) or _ROOT.match(line) or (line.startswith("with T.sblock") and not blocks):
            continue
        lines.append("  " * len(open_indents) + _shorten(line))
        open_indents.append(indent)
    return lines


def _shorten(line: str) -> str:
    for pattern, replacement in _SHORTER:
        line = pattern.sub(replacement, line)
    return line


def readable(lines: list[str]) -> list[str]:
    """A nest with ``x = x + y`` as ``x += y``, and without words a picture has no room for."""
    return [_SUM.sub(r"\1\2 += ", line).replace("annotations=", "") for line in lines]


def changed_lines(before: list[str], after: list[str]) -> tuple[set[int], set[int]]:
    """Numbers (from 0) of the lines of each nest that the other does not have in that place."""
    gone, new = set(range(len(before))), set(range(len(after)))
    for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        gone -= set(range(match.a, match.a + match.size))
        new -= set(range(match.b, match.b + match.size))
    return gone, new


def before_after(title: Text, step: Text | str, before: list[str], after: list[str]) -> Board:
    """A picture of two loop nests, one above the other; what changed has a colour and a sign before it.

    Args:
        title: what the picture shows, for readers who do not see it.
        step: the primitive applied, written beside the arrow.
        before, after: lines as ``loop_nest`` gives them.

    Raises:
        ValueError: a line is too long for a board that stays readable on a phone.
    """
    widest = max(map(len, [*before, *after]))
    width = int(2 * _SIDE + widest * _CHARACTER)
    if width > MAX_WIDTH:
        most = int((MAX_WIDTH - 2 * _SIDE) / _CHARACTER)
        raise invalid(
            f"line of {widest} characters: at most {most} fit", f"有一行长 {widest} 个字符，最多放得下 {most} 个"
        )
    width = max(width, 320)
    gone, new = changed_lines(before, after)
    first, second = len(before) * _LINE + 20, len(after) * _LINE + 20
    board = Board(width, int(first + second + _TOP + 12), title)
    board.box(4, 4, width - 8, first, kind="plain")
    _changed_code(board, 26, before, gone, "−", "orange-text bold")
    board.arrow(_SIDE + 10, first + 12, _SIDE + 10, first + _TOP - 6)
    board.text(_SIDE + 26, first + _TOP / 2 + 8, step, size=14, anchor="start", style="mono blue-text")
    board.box(4, first + _TOP, width - 8, second, kind="plain")
    _changed_code(board, first + _TOP + 22, after, new, "+", "green-text bold")
    return board


def _changed_code(board: Board, y: float, lines: list[str], changed: set[int], sign: str, style: str) -> None:
    """Lines of code; before those changed stands a sign, for readers who tell no colours apart."""
    board.code(_SIDE, y, lines, marks=dict.fromkeys(changed, style))
    for number in sorted(changed):
        board.code(_SIDE - _CHARACTER - 1, y + number * _LINE, [sign], marks={0: style})
