"""The decoder in PyTorch, exported and imported into Relax: without a cache, for texts of any length."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.frameworks.compare import import_with_tvm
from mlc_ref.frameworks.importer import Imported
from mlc_ref.kinds import takes
from mlc_ref.language_models.config import Config

if TYPE_CHECKING:
    import torch


@takes("Config")
def exported_decoder(config: Config, weights: Mapping[str, np.ndarray]) -> "torch.export.ExportedProgram":
    """The decoder as ``torch.export`` sees it: ``tokens (1, s)`` int64 to logits ``(1, s, vocab)`` float32.

    Args:
        weights: float32 arrays of the names and shapes of ``config.shapes()``.
    """
    import torch

    from mlc_ref.language_models.torch_model import Decoder

    model = Decoder(config)
    model.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in weights.items()})
    length = torch.export.Dim("s", min=2, max=config.length)
    example = torch.zeros((1, 3), dtype=torch.int64)
    return torch.export.export(model.eval(), (example,), dynamic_shapes=({1: length},))


@takes("ExportedProgram")
def import_decoder(program: "torch.export.ExportedProgram") -> Imported:
    """The exported decoder as a Relax module, through TVM's importer: ``main(tokens, *weights)``.

    It sees the whole text anew for each word; keys and values are not kept.
    """
    return import_with_tvm(program)
