"""Train the network that reads what a reader draws: ``python -m mlc_ref.frameworks.drawn_digits.train``.

It has the layers of the end-to-end chapter's network, four times as many filters, and an eleventh class for what is no digit. It
learns from drawings of this package and from scikit-learn's training images, both changed at random. All random numbers
have fixed seeds, and one thread computes: on one machine, every run writes the same bits, in about three minutes.
"""

from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end.data import CLASSES as DIGITS
from mlc_ref.end_to_end.data import SIDE, as_images, load_digits
from mlc_ref.end_to_end.train import cnn_network, fitted, parameters_of, with_parameters
from mlc_ref.end_to_end.weights import PARAMETERS, write_parameters
from mlc_ref.frameworks.drawn_digits.pictures import picture
from mlc_ref.frameworks.drawn_digits.strokes import digit, no_digit
from mlc_ref.frameworks.drawn_digits.weights import CHANNELS, CLASSES, WEIGHTS, load_drawn_weights

if TYPE_CHECKING:
    from torch import nn

DRAWINGS = 48_000  # two of three show a digit
COPIES = 6  # of each of scikit-learn's images
STEPS = 7_000
_BATCH = 256
_LEARNING_RATE = 0.02
_SEED = 0


def drawn_network() -> "nn.Sequential":
    """The untrained network: ``(n, 1, 8, 8)`` to ``(n, 11)`` float32."""
    return cnn_network(CHANNELS, CLASSES)


def trained_drawn_network() -> "nn.Sequential":
    """The network with the shipped weights, in evaluation mode."""
    return with_parameters(drawn_network(), load_drawn_weights())


def drawings(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Pictures ``(count, 8, 8)`` of drawings and their labels ``(count,)``; a label of 10 says that it is no digit."""
    labels = np.where(np.arange(count) % 3 == 2, DIGITS, rng.integers(DIGITS, size=count))
    pictures = [picture(digit(int(label), rng) if label < DIGITS else no_digit(rng)) for label in labels]
    return np.stack(pictures), labels


def altered_images(copies: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's training images as they are, and copies slanted, scaled and moved; pictures and labels as above."""
    from scipy.ndimage import affine_transform

    digits = load_digits()
    images = digits.train_images.reshape(-1, SIDE, SIDE)
    pictures = [images]
    for _ in range(copies - 1):
        altered = np.empty_like(images)
        for image, into in zip(images, altered, strict=True):
            matrix = np.array([[rng.uniform(0.9, 1.25), 0], [rng.uniform(-0.3, 0.3), rng.uniform(0.9, 1.35)]])
            middle = np.full(2, (SIDE - 1) / 2)
            affine_transform(image, matrix, middle - matrix @ middle + rng.uniform(-0.6, 0.6, 2), output=into, order=1)
        pictures.append(altered)
    return np.concatenate(pictures), np.tile(digits.train_labels, copies)


def train(count: int = DRAWINGS, copies: int = COPIES, steps: int = STEPS) -> dict[str, np.ndarray]:
    """The float32 parameters after ``steps`` steps of Adam (D. Kingma and J. Ba, *Adam*, ICLR 2015) on the cross-entropy."""
    import torch

    parts = drawings(count, np.random.default_rng(_SEED)), altered_images(copies, np.random.default_rng(_SEED + 1))
    rows, labels = (torch.from_numpy(np.concatenate(part)) for part in zip(*parts, strict=True))
    network = fitted(drawn_network, lambda network: _fit(network, as_images(rows), labels, steps), _SEED)
    return parameters_of(network, PARAMETERS["cnn"])


def _fit(network, images, labels, steps: int) -> None:
    import torch

    optimizer = torch.optim.Adam(network.parameters(), lr=_LEARNING_RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, total_steps=steps)
    for _ in range(steps):
        chosen = torch.randint(len(images), (_BATCH,))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images[chosen]), labels[chosen]).backward()
        optimizer.step()
        rate.step()


def main() -> None:
    """Train, write the weights, and print how many new drawings and test images are read right."""
    from mlc_ref.end_to_end.reference import accuracy, cnn

    weights = train()
    write_parameters(WEIGHTS, weights)
    digits = load_digits()
    pictures, labels = drawings(3000, np.random.default_rng(_SEED + 2))
    for name, images, expected in (
        ("new drawings", pictures, labels), ("test images", digits.test_images, digits.test_labels),
    ):  # fmt: skip
        print(f"{WEIGHTS.name}: accuracy on {name} {accuracy(cnn(as_images(images), weights), expected):.3f}")


if __name__ == "__main__":
    main()
