"""The two digits classifiers in PyTorch, and the command that trains them.

``python -m mlc_ref.end_to_end.train`` trains both in seconds and writes ``weights/mlp.npz`` and
``weights/cnn.npz``, which ship with the package. Training is full-batch, on one thread, from a
fixed seed; on one machine it gives the same bits every time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end.data import CLASSES, PIXELS, as_images, load_digits
from mlc_ref.end_to_end.weights import PARAMETERS, WEIGHTS_FOLDER, load_weights, write_parameters
from mlc_ref.kinds import refused

if TYPE_CHECKING:
    from torch import nn

HIDDEN = 32
CHANNELS = 8
_SEED = 0
_STEPS = {"mlp": 200, "cnn": 150}
_LEARNING_RATE = 0.01


def mlp_network() -> "nn.Sequential":
    """Untrained perceptron: ``(n, 64)`` to ``(n, 10)`` float32, one hidden layer of 32 with ReLU."""
    from torch import nn

    return nn.Sequential(nn.Linear(PIXELS, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))


def cnn_network(channels: int = CHANNELS, classes: int = CLASSES) -> "nn.Sequential":
    """Untrained convolutional network: ``(n, 1, 8, 8)`` to ``(n, classes)`` float32.

    A 3×3 convolution to ``channels`` channels of 6×6, ReLU, 2×2 maxima to 3×3, and a linear layer.
    """
    from torch import nn

    head = nn.Linear(channels * 3 * 3, classes)
    return nn.Sequential(nn.Conv2d(1, channels, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), head)


_NETWORKS = {"mlp": mlp_network, "cnn": cnn_network}


def trained_network(name: str) -> "nn.Sequential":
    """The PyTorch network ``"mlp"`` or ``"cnn"`` with the shipped weights, in evaluation mode.

    Raises:
        ValueError: there is no such network.
    """
    weights = load_weights(name)
    return with_parameters(_NETWORKS[name](), weights)


def with_parameters(network: "nn.Sequential", parameters: Mapping[str, np.ndarray]) -> "nn.Sequential":
    """The network with these parameters, given in the order of its layers, in evaluation mode."""
    import torch

    tensors = [torch.from_numpy(value.copy()) for value in parameters.values()]
    network.load_state_dict(dict(zip(network.state_dict(), tensors, strict=True)))
    return network.eval()


def train(name: str) -> dict[str, np.ndarray]:
    """Train a network on the digits' training images.

    Full-batch Adam on the cross-entropy (D. Kingma and J. Ba, *Adam*, ICLR 2015).

    Returns:
        The float32 parameters under the names of ``weights.PARAMETERS[name]``.

    Raises:
        ValueError: ``name`` is neither ``"mlp"`` nor ``"cnn"``.
    """
    if name not in _NETWORKS:
        raise ValueError(refused("name", repr(name), ", ".join(_NETWORKS)))
    import torch

    digits = load_digits()
    rows = digits.train_images if name == "mlp" else as_images(digits.train_images)
    images, labels = torch.from_numpy(rows.copy()), torch.from_numpy(digits.train_labels.copy())
    network = fitted(_NETWORKS[name], lambda network: _fit(network, images, labels, _STEPS[name]), _SEED)
    return parameters_of(network, PARAMETERS[name])


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch on one thread, where its sums have one order; then as before."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def fitted(make: "Callable[[], nn.Sequential]", fit: "Callable[[nn.Sequential], None]", seed: int) -> "nn.Sequential":
    """A network made and fitted on one thread from a seed: on one machine it has the same bits every time.

    PyTorch's threads and random numbers are as before afterwards.
    """
    import torch

    with one_thread(), torch.random.fork_rng():
        torch.manual_seed(seed)
        network = make()
        fit(network)
    return network


def parameters_of(network: "nn.Sequential", names: Sequence[str]) -> dict[str, np.ndarray]:
    """The network's parameters, in the order of its layers, under these names."""
    values = [value.detach().numpy() for value in network.state_dict().values()]
    return dict(zip(names, values, strict=True))


def _fit(network, images, labels, steps: int) -> None:
    import torch

    optimizer = torch.optim.Adam(network.parameters(), lr=_LEARNING_RATE)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()


def save_weights(name: str, weights: dict[str, np.ndarray], folder: Path = WEIGHTS_FOLDER) -> Path:
    """Write ``<name>.npz`` into ``folder`` and return its path."""
    path = folder / f"{name}.npz"
    write_parameters(path, weights)
    return path


def main() -> None:
    """Train both networks, write their weights and print their accuracy on the test images."""
    from mlc_ref.end_to_end.reference import accuracy, predict

    digits = load_digits()
    for name in _NETWORKS:
        weights = train(name)
        path = save_weights(name, weights)
        score = accuracy(predict(name, digits.test_images, weights), digits.test_labels)
        print(f"{path.name}: accuracy on the test images {score:.3f}")


if __name__ == "__main__":
    main()
