"""Run a program on the simulated GPU, for the tests of the mistakes it finds."""

import numpy as np

from mlc_ref.gpu_sim import simulate


def uniform(*shape):
    return np.random.default_rng(0).random(shape, dtype="float32")


def run(mod, inputs, shape, dtype="float32", options=None):
    """The one output, of ``shape`` and ``dtype``."""
    return simulate(mod, inputs, [(shape, dtype)], options=options).outputs[0]
