"""Checks of the item ``conv_network``: a convolutional network."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.end_to_end import reference
from mlc_ref.language import Text

from .shared import NUMBERS, SIGNATURE, STRUCTURE, Shape, expect, normal, programs_only, signature

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
