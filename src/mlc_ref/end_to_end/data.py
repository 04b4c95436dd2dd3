"""The digits set of scikit-learn, split once and for all."""

from dataclasses import dataclass
from functools import cache

import numpy as np

CLASSES = 10
SIDE = 8
PIXELS = SIDE * SIDE
TEST_IMAGES = 360
_SPLIT_SEED = 0


@dataclass(frozen=True)
class Digits:
    """Images of handwritten digits and their labels.

    Attributes:
        train_images: float32 ``(1437, 64)``, each row an 8×8 image, values from 0 to 1.
        train_labels: int64 ``(1437,)``, from 0 to 9.
        test_images: float32 ``(360, 64)``.
        test_labels: int64 ``(360,)``.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


@cache
def load_digits() -> Digits:
    """The 1797 digits that ship with scikit-learn, the same split in every process.

    The arrays are read-only, because every caller shares them.

    Source: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
    Learning Repository, 1998.
    """
    from sklearn import datasets

    bunch = datasets.load_digits()
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(bunch.target))
    images = (bunch.data[order] / 16).astype("float32")
    labels = bunch.target[order].astype("int64")
    parts = (images[TEST_IMAGES:], labels[TEST_IMAGES:], images[:TEST_IMAGES], labels[:TEST_IMAGES])
    for part in parts:
        part.setflags(write=False)
    return Digits(*parts)


def as_images(rows: np.ndarray) -> np.ndarray:
    """``(n, 64)`` rows as ``(n, 1, 8, 8)`` images, the layout of a convolution (NCHW)."""
    return rows.reshape(len(rows), 1, SIDE, SIDE)
