"""The trained parameters of the network that reads drawings; reading them needs no PyTorch."""

from pathlib import Path

import numpy as np

CLASSES = 11  # the ten digits, and what is none
CHANNELS = 32
WEIGHTS = Path(__file__).with_name("weights.npz")
PARAMETERS = ("conv_w", "conv_b", "w", "b")


def load_drawn_weights() -> dict[str, np.ndarray]:
    """``conv_w (32, 1, 3, 3)``, ``conv_b (32,)``, ``w (11, 288)`` and ``b (11,)``, float32.

    ``mlc_ref.end_to_end.reference.cnn`` computes with them. ``python -m mlc_ref.frameworks.drawn_digits.train`` writes them.
    """
    with np.load(WEIGHTS) as archive:
        return {name: archive[name] for name in PARAMETERS}
