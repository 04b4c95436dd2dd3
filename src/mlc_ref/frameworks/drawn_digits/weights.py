"""The trained parameters of the network that reads drawings; reading them needs no PyTorch."""

from pathlib import Path

import numpy as np

from mlc_ref.end_to_end.weights import PARAMETERS, read_parameters

CLASSES = 11  # the ten digits, and what is none
CHANNELS = 32
WEIGHTS = Path(__file__).with_name("weights.npz")


def load_drawn_weights() -> dict[str, np.ndarray]:
    """``conv_w (32, 1, 3, 3)``, ``conv_b (32,)``, ``w (11, 288)`` and ``b (11,)``, float32.

    ``mlc_ref.end_to_end.reference.cnn`` computes with them. ``python -m mlc_ref.frameworks.drawn_digits.train`` writes them.
    """
    return read_parameters(WEIGHTS, PARAMETERS["cnn"])
