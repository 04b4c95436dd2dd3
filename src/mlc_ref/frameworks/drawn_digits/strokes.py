"""Digits as pens draw them, and drawings that are none: what the network of the lab is trained on besides scikit-learn's.

A shape is a list of strokes, a stroke a list of points through which a smooth curve goes (``~``) or straight lines
(``-``). Each drawing is a shape with another hand: points moved, stretched, turned, slanted, its lines trembling.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

Shape = tuple[str, ...]

# x and y in hundredths of the board; "~" before a stroke: smooth, "-": straight.
DIGITS: dict[int, tuple[Shape, ...]] = {
    0: (
        ("~ 50,8 24,22 16,50 24,80 50,92 76,80 84,50 76,22 50,8",),
        ("~ 60,10 30,16 20,50 30,86 54,92 76,76 80,44 70,16 50,12",),
        ("~ 46,12 64,10 80,30 80,70 62,92 36,90 20,68 22,28 52,6",),
    ),
    1: (
        ("- 50,8 50,92",),
        ("- 30,30 54,8 54,92",),
        ("- 34,22 54,8 54,92", "- 32,92 76,92"),
        ("- 52,10 50,50 48,92", "- 30,92 70,92"),
        ("- 24,44 54,8 54,92",),
        ("~ 36,26 48,16 54,6", "- 54,6 54,92"),
    ),
    2: (
        ("~ 20,30 30,12 52,8 74,18 74,38 52,62 18,90", "- 18,90 82,90"),
        ("~ 22,26 40,8 68,12 76,32 58,56 30,80 20,90 40,84 60,92 82,88",),
        ("~ 18,28 46,6 76,26 64,52 40,72 24,82 16,92 26,80 38,82 58,94 84,90",),
        ("- 20,16 70,10 76,34 20,90 82,90",),
        ("~ 24,20 50,8 74,24 66,50 44,70 34,84 20,90 14,78 26,72 44,84 66,92 84,84",),
    ),
    3: (
        ("~ 20,18 46,8 72,18 70,38 44,48 74,58 78,80 50,92 18,82",),
        ("- 20,10 76,10 44,42", "~ 44,42 76,54 78,78 50,92 18,82"),
        ("~ 24,14 50,6 72,22 62,42 40,46", "~ 40,46 72,52 80,72 58,92 20,86"),
        ("~ 22,20 50,8 72,24 56,44 36,46 62,48 80,68 56,92 22,84",),
    ),
    4: (
        ("- 60,8 14,64 86,64", "- 60,8 60,92"),
        ("- 26,8 20,54 80,54", "- 68,10 68,92"),
        ("- 30,10 26,52 74,50", "- 74,8 72,92"),
        ("- 58,92 58,8 12,62 84,62",),
        ("~ 28,8 24,40 36,54 74,48", "- 74,10 72,92"),
        ("- 54,8 18,58 84,58", "- 62,36 60,92"),
        ("- 20,10 30,54 82,50", "- 66,24 64,94"),
    ),
    5: (
        ("- 76,8 28,8 24,44", "~ 24,44 50,36 76,50 78,74 52,92 18,84"),
        ("- 28,8 24,44", "~ 24,44 56,36 80,60 64,88 18,86", "- 28,8 78,8"),
        ("~ 74,10 30,12 24,44 58,40 78,62 60,90 20,86",),
        ("- 70,8 36,8 28,42 60,42", "~ 60,42 78,56 74,82 44,92 20,82"),
        ("- 32,12 28,46", "~ 28,46 60,42 74,64 60,88 22,90", "- 34,12 74,6"),
    ),
    6: (
        ("~ 66,8 36,28 20,62 30,88 56,92 76,76 68,54 44,50 22,68",),
        ("~ 72,14 46,10 22,40 20,74 44,92 74,84 76,62 52,52 24,66",),
        ("~ 56,6 34,36 22,70 40,92 68,86 74,66 54,54 30,66 24,76",),
        ("~ 40,6 26,34 22,70 40,92 70,86 74,62 48,54 24,70",),
    ),
    7: (
        ("- 18,10 80,10 44,92",),
        ("- 18,10 80,10 40,92", "- 32,52 72,52"),
        ("- 18,26 20,10 80,10 46,92",),
        ("~ 16,14 44,10 80,12 58,44 48,92",),
        ("- 18,22 18,10 80,10 42,92", "- 34,50 70,46"),
        ("~ 18,12 50,14 80,8 56,50 50,92", "- 36,54 72,48"),
    ),
    8: (
        ("~ 68,16 46,8 26,24 40,44 66,58 76,78 50,92 24,78 36,56 62,42 72,24 66,14",),
        ("~ 50,46 28,28 50,8 72,28 50,46", "~ 50,46 22,70 50,92 78,70 50,46"),
        ("~ 50,8 30,24 48,46 74,70 50,92 26,70 52,46 70,24 50,8",),
        ("~ 72,12 40,10 30,28 54,46 76,68 56,92 28,84 30,62 60,40 78,10",),
    ),
    9: (
        ("~ 72,28 50,8 26,22 30,46 54,48 72,28", "- 74,26 70,92"),
        ("~ 74,30 56,8 28,18 26,42 50,50 72,32 74,26 72,66 62,92",),
        ("~ 72,24 46,8 24,30 40,50 64,42 74,20 76,60 56,90 26,86",),
        ("~ 68,12 40,10 26,32 44,50 70,36 72,14", "- 72,14 54,92"),
        ("~ 72,18 44,10 28,30 44,46 72,30 70,10 72,60 72,94",),
    ),
}

# Signs that are no digits, though two or three strokes as well.
OTHERS: tuple[Shape, ...] = (
    ("- 10,50 90,50",),
    ("- 50,10 50,90", "- 10,50 90,50"),
    ("- 14,14 86,86", "- 86,14 14,86"),
    ("- 14,92 50,8 86,92", "- 28,62 72,62"),
    ("- 14,92 16,8 50,60 84,8 86,92",),
    ("- 10,10 30,90 50,30 70,90 90,10",),
    ("- 20,8 20,92", "- 78,8 22,52 80,92"),
    ("- 80,10 22,10 22,90 80,90", "- 22,50 66,50"),
    ("- 20,8 20,92", "- 80,8 80,92", "- 20,50 80,50"),
    ("- 12,12 88,12 88,88 12,88 12,12",),
    ("- 10,88 50,12 90,88 10,88",),
    ("- 16,92 16,8 84,92 84,8",),
    ("~ 50,50 56,44 50,38 40,48 48,62 66,54 60,30 38,28 26,50 44,76 74,70 82,42",),
    ("~ 8,50 26,30 42,50 58,70 74,50 92,32",),
    ("- 20,20 20,80", "- 50,20 50,80", "- 80,20 80,80"),
    ("- 10,34 90,34", "- 10,66 90,66"),
    ("- 50,8 50,92", "- 14,30 86,70", "- 86,30 14,70"),
    ("- 20,8 20,92 80,92",),
    ("~ 20,20 30,16 30,26 20,20", "~ 70,20 80,16 80,26 70,20", "~ 16,60 50,90 84,60"),
    ("~ 50,90 12,40 24,14 50,30 76,14 88,40 50,90",),
    ("- 10,10 90,10", "- 50,10 50,90"),
    ("~ 70,40 44,34 28,60 46,84 68,70 70,40 72,80 86,88",),
    ("- 10,60 36,88 90,14",),
)  # fmt: skip


def _smooth(points: np.ndarray) -> np.ndarray:
    """A Catmull-Rom curve through the points, six pieces between two of them."""
    closed = np.allclose(points[0], points[-1])
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    every = np.vstack([before, points, after])
    t = np.arange(6)[:, None] / 6
    pieces = [
        b + t / 2 * (c - a) + t**2 * (a - 2.5 * b + 2 * c - d / 2) + t**3 * (1.5 * (b - c) + (d - a) / 2)
        for a, b, c, d in zip(every, every[1:], every[2:], every[3:], strict=False)
    ]
    return np.vstack([*pieces, points[-1:]])


def _points(stroke: str) -> np.ndarray:
    return np.array([[float(n) / 100 for n in pair.split(",")] for pair in stroke[2:].split()])


def drawn(shape: Shape, rng: np.random.Generator, unrest: float, hand: np.ndarray) -> list[np.ndarray]:
    """A shape as one hand draws it; ``unrest`` from 0 (neat) to 1 (as sloppy as can be read)."""
    is_angular, strokes = rng.random() < 0.15, []
    for stroke in shape:
        points = _points(stroke)
        points = points + rng.normal(0, 0.045 * unrest, points.shape) + rng.normal(0, 0.02 * unrest, 2)
        curve = _straight(points) if is_angular or stroke[0] == "-" else _smooth(points)
        curve = _cut(curve, rng, unrest)
        strokes.append(curve @ hand + _tremor(len(curve), rng, unrest))
    return strokes


def _hand(rng: np.random.Generator, unrest: float) -> np.ndarray:
    """What a hand does to all of a digit: narrower or wider, turned, slanted."""
    angle = rng.normal(0, 0.13 * unrest)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    stretched = np.diag([rng.uniform(0.5, 1.15), 1.0])
    return stretched @ np.array([[1, 0], [rng.uniform(-0.6, 0.6), 1]]) @ turned


def _straight(points: np.ndarray) -> np.ndarray:
    t = np.arange(4)[:, None] / 4
    return np.vstack([*(a + t * (b - a) for a, b in pairwise(points)), points[-1:]])


def _cut(curve: np.ndarray, rng: np.random.Generator, unrest: float) -> np.ndarray:
    """The curve begun late or ended early, or its last piece drawn on."""
    begin, end = (int(rng.integers(0, 1 + int(0.08 * unrest * len(curve)))) for _ in range(2))
    kept = curve[begin : len(curve) - end]
    longer = kept[-1] + (kept[-1] - kept[-2]) * rng.uniform(0, 1.5 * unrest)
    return np.vstack([kept, longer])


def _tremor(count: int, rng: np.random.Generator, unrest: float) -> np.ndarray:
    steps = rng.normal(0, 1, (count + 4, 2))
    kernel = np.ones(5) / 5
    return 0.02 * unrest * np.column_stack([np.convolve(steps[:, axis], kernel, "valid") for axis in range(2)])


def _serifs(strokes: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Short bars across some ends of the strokes, level or at a right angle to the stroke."""
    bars = []
    for stroke in strokes:
        for end, inner in ((stroke[0], stroke[2]), (stroke[-1], stroke[-4])):
            if rng.random() < 0.5:
                along = (end - inner) / max(np.hypot(*(end - inner)), 1e-6)
                across = np.array([1.0, 0.0]) if rng.random() < 0.5 else np.array([-along[1], along[0]])
                bars.append(np.stack([end + across * length for length in rng.uniform([-0.2, 0], [0, 0.2])]))
    return strokes + bars


def digit(value: int, rng: np.random.Generator, hand: np.ndarray | None = None) -> list[np.ndarray]:
    """A drawing of a digit, by a hand of its own where none is given."""
    shapes, unrest = DIGITS[value], rng.uniform(0.2, 1.0)
    own = _hand(rng, unrest) if hand is None else hand
    strokes = drawn(shapes[rng.integers(len(shapes))], rng, unrest, own)
    return _serifs(strokes, rng) if rng.random() < 0.15 else strokes


def _beside(rng: np.random.Generator) -> list[np.ndarray]:
    """Two digits of one hand, one beside the other."""
    hand = _hand(rng, 0.5)
    left, right = (digit(int(rng.integers(10)), rng, hand) for _ in range(2))
    edge = max(stroke[:, 0].max() for stroke in left) - min(stroke[:, 0].min() for stroke in right)
    gap = edge + rng.uniform(-0.02, 0.35)
    return [*left, *(stroke + np.array([gap, rng.normal(0, 0.06)]) for stroke in right)]


def _scribble(rng: np.random.Generator) -> list[np.ndarray]:
    """A line to and fro, without a plan."""
    strokes = []
    for _ in range(int(rng.integers(1, 4))):
        points = rng.uniform(0, 1, (int(rng.integers(7, 16)), 2))
        strokes.append(_smooth(points) if rng.random() < 0.7 else points)
    return strokes


def _zigzag(rng: np.random.Generator) -> list[np.ndarray]:
    """Hatching: a line that goes across again and again, in any direction."""
    count = int(rng.integers(6, 18))
    points = np.column_stack([np.linspace(0, 1, count), np.arange(count) % 2 * rng.uniform(0.3, 1)])
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [_smooth(points + rng.normal(0, 0.05, points.shape)) @ turn]


def _sticks(rng: np.random.Generator) -> list[np.ndarray]:
    """Three to six straight lines, anywhere."""
    return [rng.uniform(0, 1, (2, 2)) for _ in range(int(rng.integers(3, 7)))]


def _polygon(rng: np.random.Generator) -> list[np.ndarray]:
    """A closed outline with level floor and upright walls, under a roof of one or two slopes."""
    width, wall = rng.uniform(0.6, 1.3), rng.uniform(0.3, 0.9)
    roof = np.array([[0, 1 - wall], [rng.uniform(0, 1) * width, -rng.uniform(-0.1, 0.3)], [width, 1 - wall]])
    corners = np.vstack([np.array([[0, 1]]), roof, np.array([[width, 1], [0, 1]])])
    turned = corners[:, ::-1] if rng.random() < 0.3 else corners
    return [turned + rng.normal(0, 0.03, turned.shape)]


def _other(rng: np.random.Generator) -> list[np.ndarray]:
    unrest = rng.uniform(0.1, 0.7)
    return drawn(OTHERS[rng.integers(len(OTHERS))], rng, unrest, _hand(rng, unrest))


def _dots(rng: np.random.Generator) -> list[np.ndarray]:
    return [rng.uniform(0.4, 0.6, (1, 2)) for _ in range(int(rng.integers(1, 4)))]


_NONE: tuple[Callable[[np.random.Generator], list[np.ndarray]], ...] = (
    _beside, _beside, _beside, _beside, _beside, _scribble, _scribble, _zigzag, _other, _other, _other, _sticks, _polygon, _dots,
)  # fmt: skip


def no_digit(rng: np.random.Generator) -> list[np.ndarray]:
    """A drawing that is no digit: two digits, a scribble, hatching, another sign, dots."""
    return _NONE[rng.integers(len(_NONE))](rng)
