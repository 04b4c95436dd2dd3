"""The weights that ship with the course: trained by ``make train``, kept with their recipe and the hash of their data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.language_models.config import Config, story_config

SHIPPED = Path(__file__).parent / "weights.npz"
_ABOUT = "about"
_RETRAIN = Text("run make train", "请运行 make train")


@dataclass(frozen=True)
class Trained:
    """Trained weights.

    Attributes:
        arrays: float32, by the names of ``Config.shapes()``.
        about: recipe, hash of the data, and how many of a hundred test tasks of each kind were right.
    """

    arrays: dict[str, np.ndarray]
    about: dict[str, Any]


def save_weights(arrays: Mapping[str, np.ndarray], about: Mapping[str, Any], path: Path = SHIPPED) -> Path:
    """Write the arrays, rounded to float16, and what is to know about them; no pickle."""
    halves = {name: array.astype("float16") for name, array in arrays.items()}
    np.savez_compressed(path, allow_pickle=False, **halves, **{_ABOUT: np.array(json.dumps(about, sort_keys=True))})
    return path


def load_weights(path: Path = SHIPPED, config: Config | None = None) -> Trained:
    """Read what ``save_weights`` wrote, as float32.

    Args:
        config: whose weights are expected; default: ``story_config()``.

    Raises:
        ValueError: the file holds weights of other names or shapes than the decoder has.
    """
    shapes = (config or story_config()).shapes()
    with np.load(path, allow_pickle=False) as archive:
        found = {name: archive[name].shape for name in archive.files if name != _ABOUT}
        if found != shapes:
            wrong = {name for name in shapes.keys() | found.keys() if shapes.get(name) != found.get(name)}
            first = min(wrong)
            raise ValueError(refused(f"{path.name}: {first}", str(found.get(first)), str(shapes.get(first)), _RETRAIN))
        return Trained({name: archive[name].astype("float32") for name in shapes}, json.loads(str(archive[_ABOUT])))
