"""The chapter's data: scikit-learn's handwritten digits, and one layer fitted to them in closed form."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from mlc_ref.kinds import invalid

TRAINING_IMAGES = 1437  # the first 80 % of the 1797 images; 360 are left to judge the layer


@dataclass(frozen=True)
class DigitsLayer:
    """Test images and a layer fitted on the other images.

    Attributes:
        x: (360, 64) float32, test images of 8 by 8 pixels, row by row, values 0 to 1.
        labels: (360,) int64, the digit each image shows.
        w: (64, 10) float32, weights.
        b: (10,) float32, bias.
    """

    x: np.ndarray
    labels: np.ndarray
    w: np.ndarray
    b: np.ndarray


@cache
def digits_layer(penalty: float = 1.0) -> DigitsLayer:
    """Fit ``x @ w + b`` to one-hot labels by ridge regression, the same weights on every machine.

    The weights minimize ``|x @ w + b - onehot|^2 + penalty * (|w|^2 + |b|^2)``; the minimum is the
    solution of one linear system (Hoerl and Kennard, Technometrics 12(1), 1970), solved in float64.

    Raises:
        ValueError: ``penalty`` is not positive, so that the system may have no unique solution.
    """
    if penalty <= 0:
        raise invalid(f"penalty: got {penalty}, must be positive", f"penalty：得到 {penalty}，要大于 0")
    from sklearn.datasets import load_digits

    data = load_digits()
    images, labels = data.data / 16, data.target
    padded = np.column_stack([images, np.ones(len(images))])
    seen, wanted = padded[:TRAINING_IMAGES], np.eye(10)[labels[:TRAINING_IMAGES]]
    solution = np.linalg.solve(seen.T @ seen + penalty * np.eye(65), seen.T @ wanted).astype("float32")
    x = images[TRAINING_IMAGES:].astype("float32")
    return DigitsLayer(x, labels[TRAINING_IMAGES:], solution[:64].copy(), solution[64].copy())


def accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Share of rows whose largest score stands at the label: ``scores`` (n, 10), ``labels`` (n,)."""
    return float((scores.argmax(axis=1) == labels).mean())
