"""Checks of the item ``conv2d_stride``: convolution with stride."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference

from .shared import (
    NUMBERS,
    STRUCTURE,
    expect,
    normal,
    scales,
    structure,
)

conv2d_stride = Task("conv2d_stride", kind="module", title=Text("Convolution with stride", "带步长的卷积"))


@conv2d_stride.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    structure(mod, [(2, 3, 9, 8), (4, 3, 3, 2)], (2, 4, 4, 4), reductions=1)


@conv2d_stride.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    for scale in scales(rng):
        x, w = normal(rng, 2, 3, 9, 8) * np.float32(scale), normal(rng, 4, 3, 3, 2)
        expect(call, [x, w], reference.conv2d(x, w, stride=2))
