"""The trained parameters that ship with the course; reading them needs no PyTorch."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mlc_ref.kinds import refused

WEIGHTS_FOLDER = Path(__file__).parent / "weights"

PARAMETERS = {
    "mlp": ("w0", "b0", "w1", "b1"),
    "cnn": ("conv_w", "conv_b", "w", "b"),
}


def load_weights(name: str) -> dict[str, np.ndarray]:
    """Parameters of a trained digits classifier, float32, in the order the programs take them.

    ==========  ==========================================================
    ``"mlp"``   ``w0 (32, 64)``, ``b0 (32,)``, ``w1 (10, 32)``, ``b1 (10,)``
    ``"cnn"``   ``conv_w (8, 1, 3, 3)``, ``conv_b (8,)``, ``w (10, 72)``, ``b (10,)``
    ==========  ==========================================================

    They are written by ``python -m mlc_ref.end_to_end.train``.

    Raises:
        ValueError: ``name`` is neither ``"mlp"`` nor ``"cnn"``.
    """
    if name not in PARAMETERS:
        raise ValueError(refused("name", repr(name), ", ".join(PARAMETERS)))
    return read_parameters(WEIGHTS_FOLDER / f"{name}.npz", PARAMETERS[name])


def read_parameters(path: Path, names: Sequence[str]) -> dict[str, np.ndarray]:
    """The arrays that ``write_parameters`` wrote, in the order of ``names``."""
    with np.load(path) as archive:
        return {name: archive[name] for name in names}


def write_parameters(path: Path, parameters: Mapping[str, np.ndarray]) -> None:
    """Write arrays under their names into one compressed file."""
    np.savez_compressed(path, allow_pickle=False, **parameters)
