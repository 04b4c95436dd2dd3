"""The digits network that goes down to tensor programs, and what holds at every stage."""

import numpy as np
from tvm import tirx

from mlc_ref.end_to_end import reference
from mlc_ref.end_to_end.data import load_digits
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.frameworks.builder import mlp_with_operators


def digits_mlp(batch=4):
    return bind_weights(mlp_with_operators(batch), load_weights("mlp"))


def scores_match(mod, count=4):
    images = load_digits().test_images[:count]
    assert np.allclose(run_graph(mod, images), reference.mlp(images, load_weights("mlp")), atol=1e-4)


def programs_of(mod):
    return sorted(var.name_hint for var, f in mod.functions_items() if isinstance(f, tirx.PrimFunc))
