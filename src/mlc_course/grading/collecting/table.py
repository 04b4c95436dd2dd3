"""The table at the end of ``nbgrader zip_collect``: what was taken, replaced, passed over, and who handed nothing in."""

from collections.abc import Sequence

from wcwidth import wcswidth, wcwidth

from mlc_course.grading.collecting.handins import Row
from mlc_course.grading.collecting.names import shown

OUTCOMES = ("taken", "replaced", "passed over", "not handed in")
WIDEST = 60  # columns of a terminal that a name, or the path of a file, may take
NAMED = 5  # other files named in the last line
NO_TIME = "no time"


def table(assignment: str, rows: Sequence[Row], *, others: Sequence[str] = (), longest: int = 100) -> str:
    """The rows by outcome and student, at most ``longest`` of each outcome."""
    counts = ", ".join(f"{sum(row.outcome == name for row in rows)} {name}" for name in OUTCOMES)
    lines = [f"{shown(assignment)}: {counts}"]
    for name in OUTCOMES:
        chosen = sorted((row for row in rows if row.outcome == name), key=lambda row: (row.student, row.where))
        if not chosen:
            continue
        lines += ["", f"{name}:", *_aligned([_cells(row) for row in chosen[:longest]])]
        if len(chosen) > longest:
            lines.append(
                f"  … and {len(chosen) - longest} more {name} (BoundedExtractor.table_rows sets how many are shown)"
            )
    if others:
        # One that was saved as introduction.ipynb.txt is what an instructor looks for.
        first = sorted(others, key=lambda name: (".ipynb" not in name.lower(), name))[:NAMED]
        named = ", ".join(shown(name, WIDEST) for name in first) + (", …" if len(others) > NAMED else "")
        lines += ["", f"{len(others)} other files, neither notebooks nor archives: {named}"]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    if row.outcome == "not handed in":
        return (cut(shown(row.student)),)
    time = row.moment.local() if row.moment else NO_TIME
    return cut(shown(row.student, WIDEST)), cut(shown(row.where, WIDEST)), time, shown(row.why, 300)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        ("  " + "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return max(0, wcswidth(text))


def cut(text: str, widest: int = WIDEST) -> str:
    """The text, or its beginning with an ellipsis, in so many columns."""
    if width(text) <= widest:
        return text
    kept, used = "", 1
    for character in text:
        used += max(0, wcwidth(character))
        if used > widest:
            break
        kept += character
    return f"{kept}…"
