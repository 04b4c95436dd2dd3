"""Checks of the item ``conv_network``: a convolutional network."""

import functools
import re
import secrets
import numpy as np
from tvm import IRModule, relax, tirx
from tvm.ir import GenericConst
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.bounds import accesses_in_bounds
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.index_math import evaluate
from mlc_ref.checks.planning import plans_at_most
from mlc_ref.checks.sites import function, listing
from mlc_ref.end_to_end import libraries, reference
from mlc_ref.end_to_end.practice.programs import Ensemble
from mlc_ref.end_to_end.practice.scorers import ACTIVATIONS, scorer
from mlc_ref.language import Text
from mlc_ref.tensor_programs.axes import check_axes
from .shared import NUMBERS, SIGNATURE, STRUCTURE, Shape, LAYERS, NEEDED, _any_rows, expect, judge_layers, _kind, normal, one_function, programs_only, _shown, signature, _size, sound, two_layers


# A convolutional network with the builder.

conv_network = Task("conv_network", kind="module", title=Text("A convolutional network", "卷积网络"))


_CONV: list[Shape] = [(6, 2, 3, 3), (6,), (7, 6), (7,)]


@conv_network.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    signature(mod, [("n", 2, 9, 8), *_CONV], ("n", 7))


@conv_network.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    signature(mod, [("n", 2, 9, 8), *_CONV], ("n", 7), rows=False)
    programs_only(mod, 5)


@conv_network.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    for rows in (1, 4, int(rng.integers(5, 200))):
        x, *weights = (normal(rng, *shape) for shape in [(rows, 2, 9, 8), *_CONV])
        conv_w, conv_b, w, b = weights
        features = np.maximum(reference.conv2d(x, conv_w, conv_b)[:, :, ::2, ::2], 0).mean(axis=(2, 3))
        expect(call(x, *weights), features @ w.T.astype("float64") + b, Text(f"{rows} images", f"{rows} 张图像"))
