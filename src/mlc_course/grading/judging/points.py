"""Points of the parts of an item when its cell has other points than the checks give.

A part's points are in proportion, in hundredths, and together they are exactly the cell's: hundredths that are left over
go to the parts that lost most by rounding. A full answer always earns exactly the cell's points.
"""

from fractions import Fraction
from typing import Any

UNITS = 100  # of a point


def share(points: float, parts: list[int]) -> list[float]:
    """Points of each part, in proportion to what the checks give."""
    if points == sum(parts):
        return list(parts)
    total = Fraction(str(points)) * UNITS  # the decimal number as written, not its nearest binary one
    exact = [total * part / sum(parts) for part in parts]
    units = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda i: units[i] - exact[i])
    for index in order[: int(total) - sum(units)]:
        units[index] += 1
    return [number(unit / UNITS) for unit in units]


def number(points: float) -> float:
    """Points as they are written: whole ones without a fraction."""
    return int(points) if points == int(points) else points


def scaled(report: dict[str, Any], points: float) -> dict[str, Any]:
    """A report whose item is worth so many points."""
    parts = report["parts"]
    worth = share(points, [part["points"] for part in parts])
    full = all(part["earned"] == part["points"] for part in parts)
    parts = [{**p, "points": w, "earned": w if p["earned"] else 0} for p, w in zip(parts, worth, strict=True)]
    earned = points if full else number(round(sum(part["earned"] for part in parts), 2))
    return {**report, "parts": parts, "points": number(points), "score": number(min(earned, points))}
