"""Oracles: the tensor functions of the digits classifiers, and the classifiers, in NumPy float64."""

from collections.abc import Mapping

import numpy as np

from mlc_ref.end_to_end.data import as_images


def linear(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``x @ w.T + b``: ``(n, k)``, ``(m, k)`` and ``(m,)`` to ``(n, m)``, float64."""
    return x.astype("float64") @ w.astype("float64").T + b.astype("float64")


def relu(x: np.ndarray) -> np.ndarray:
    """``max(x, 0)`` element by element, any shape; the dtype stays."""
    return np.maximum(x, 0)


def conv2d(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Convolution with stride 1 and without padding, float64.

    Args:
        x: images ``(n, c, h, w)``.
        w: filters ``(o, c, kh, kw)``.
        b: one number a filter, ``(o,)``.

    Returns:
        ``(n, o, h - kh + 1, w - kw + 1)``.
    """
    windows = np.lib.stride_tricks.sliding_window_view(x.astype("float64"), w.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", windows, w.astype("float64")) + b.astype("float64")[:, None, None]


def max_pool2d(x: np.ndarray, size: int = 2) -> np.ndarray:
    """Largest element of each ``size × size`` tile: ``(n, c, h, w)`` to ``(n, c, h // size, w // size)``.

    Rows and columns that do not fill a tile are left out.
    """
    n, c, h, w = (extent // size * size if axis > 1 else extent for axis, extent in enumerate(x.shape))
    tiles = x[:, :, :h, :w].reshape(n, c, h // size, size, w // size, size)
    return tiles.max(axis=(3, 5))


def mlp(x: np.ndarray, weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Scores ``(n, 10)`` of the perceptron for images ``(n, 64)``, float64."""
    hidden = relu(linear(x, weights["w0"], weights["b0"]))
    return linear(hidden, weights["w1"], weights["b1"])


def cnn(x: np.ndarray, weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Scores ``(n, 10)`` of the convolutional network for images ``(n, 1, 8, 8)``, float64."""
    features = max_pool2d(relu(conv2d(x, weights["conv_w"], weights["conv_b"])))
    return linear(features.reshape(len(x), -1), weights["w"], weights["b"])


def predict(name: str, rows: np.ndarray, weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Class scores ``(n, 10)`` of the network ``"mlp"`` or ``"cnn"`` for rows ``(n, 64)`` of pixels."""
    return mlp(rows, weights) if name == "mlp" else cnn(as_images(rows), weights)


def accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Share of rows of ``scores`` ``(n, classes)`` whose largest entry stands at the label."""
    return float(np.mean(scores.argmax(axis=1) == labels))
