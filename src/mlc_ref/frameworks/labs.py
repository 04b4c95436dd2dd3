"""A lab: the digits network, imported from PyTorch, reads what the reader draws, on the reader's own GPU."""

from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end import reference
from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.frameworks.drawn_digits.train import trained_drawn_network
from mlc_ref.frameworks.drawn_digits.weights import load_drawn_weights
from mlc_ref.frameworks.importer import import_program
from mlc_ref.frameworks.networks import export_network
from mlc_ref.viz.widget import Widget
from mlc_ref.webgpu.labs import classifier
from mlc_ref.webgpu.models import scheduled_model

if TYPE_CHECKING:
    import torch
    import tvm

ONE_IMAGE = (1, 1, 8, 8)


def exported_digits() -> "torch.export.ExportedProgram":
    """The convolutional network that reads drawings, with its trained weights, as PyTorch exports it for one image."""
    return export_network(trained_drawn_network(), ONE_IMAGE)


def digits_model() -> "tvm.IRModule":
    """The same network imported, its weights inside, fused and scheduled for a GPU."""
    imported = import_program(exported_digits())
    return scheduled_model(bind_weights(imported.module, imported.weights))


def digit_lab(*, program: bool = True) -> Widget:
    """Draw a digit; the network, compiled to WGSL, reads it. One test image of each digit is there to try.

    Args:
        program: show the first kernel's program from the beginning.
    """
    digits = load_digits()
    first = [int(np.flatnonzero(digits.test_labels == digit)[0]) for digit in range(10)]
    images = digits.test_images[first]
    scores = reference.cnn(as_images(images), load_drawn_weights())
    return classifier("digits", digits_model(), images, list(range(10)), scores, program=program)
