"""A drawing as the network sees it: 8 by 8 pixels, whatever its place, size, slant and pen.

``chapters/_static/widgets/webgpu/digits.js`` does the same in the reader's browser; a test compares both.

A drawing is a list of strokes, each a float array ``(points, 2)`` of x to the right and y downwards, in units of
the board, 0 to 1. A stroke without points is no stroke. Strokes are lines without width, so every pen gives the same picture.
"""

from collections.abc import Sequence

import numpy as np

SIDE = 8
BITMAP = 32  # the drawing becomes black and white pixels first, of which 4 by 4 are one grey pixel
PEN = 2.0  # radius in pixels of the bitmap: about the width of the strokes in the digits of scikit-learn
REACH = 14.0  # farthest that a line may lie from the centre of mass, along either axis
LEAST_EXTENT = 0.15  # a drawing smaller than this (of the board) is not blown up: a dot stays a dot
MOST_SHEAR = 1.0

Strokes = Sequence[np.ndarray]


def segments(strokes: Strokes) -> tuple[np.ndarray, np.ndarray]:
    """Begin and end of every straight piece, each ``(n, 2)``; a lone point is a piece of length 0."""
    begins = [stroke[:-1] if len(stroke) > 1 else stroke for stroke in strokes]
    ends = [stroke[1:] if len(stroke) > 1 else stroke for stroke in strokes]
    return np.concatenate(begins), np.concatenate(ends)


def moments(strokes: Strokes) -> tuple[np.ndarray, np.ndarray]:
    """Centre of mass ``(2,)`` and covariance ``(2, 2)`` of the ink, which lies evenly along the lines."""
    begin, end = segments(strokes)
    along = end - begin
    mass = np.hypot(along[:, 0], along[:, 1])
    mass = mass / mass.sum() if mass.sum() > 0 else np.full(len(mass), 1 / len(mass))
    middle = (begin + end) / 2
    centre = mass @ middle
    away = middle - centre
    return centre, (mass[:, None] * away).T @ away + (mass[:, None] * along).T @ along / 12


def normalised(strokes: Strokes) -> list[np.ndarray]:
    """The strokes without slant, as large as fits, their centre of mass in the middle of the bitmap.

    The slant is the regression of x on y over the ink (as is usual for MNIST: Y. LeCun, L. Bottou, Y. Bengio and
    P. Haffner, *Gradient-Based Learning Applied to Document Recognition*, 1998, section IV).
    """
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        return []
    centre, covariance = moments(strokes)
    shear = covariance[0, 1] / covariance[1, 1] if covariance[1, 1] > 0 else 0.0
    shear = min(max(shear, -MOST_SHEAR), MOST_SHEAR)
    upright = [
        np.column_stack([s[:, 0] - centre[0] - shear * (s[:, 1] - centre[1]), s[:, 1] - centre[1]]) for s in strokes
    ]
    reach = max(np.abs(stroke).max() for stroke in upright)
    scale = REACH / max(reach, LEAST_EXTENT / 2)
    return [stroke * scale + BITMAP / 2 for stroke in upright]


def picture(strokes: Strokes) -> np.ndarray:
    """The ``(8, 8)`` float32 picture, values from 0 to 1 in steps of 1/16."""
    placed = normalised(strokes)
    if not placed:
        return np.zeros((SIDE, SIDE), "float32")
    begin, end = segments(placed)
    along = end - begin
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    axis = np.arange(BITMAP) + 0.5
    x, y = axis[None, :, None], axis[:, None, None]
    part = np.clip(((x - begin[:, 0]) * along[:, 0] + (y - begin[:, 1]) * along[:, 1]) / length, 0, 1)
    distance = (x - begin[:, 0] - part * along[:, 0]) ** 2 + (y - begin[:, 1] - part * along[:, 1]) ** 2
    black = distance.min(axis=2) <= PEN**2
    step = BITMAP // SIDE
    return black.reshape(SIDE, step, SIDE, step).mean(axis=(1, 3)).astype("float32")
