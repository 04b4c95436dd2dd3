"""Checks of the item ``broadcast_add``: broadcast addition."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.language import Text

from .shared import (
    NUMBERS,
    STRUCTURE,
    expect,
    normal,
    scales,
    structure,
)

broadcast_add = Task("broadcast_add", kind="module", title=Text("Broadcast addition", "广播加法"))


@broadcast_add.inspect("structure", points=1, title=STRUCTURE)
def _(mod):
    structure(mod, [(3, 1, 4), (5, 1)], (3, 5, 4))


@broadcast_add.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for scale in scales(rng):
        a, b = normal(rng, 3, 1, 4) * np.float32(scale), normal(rng, 5, 1) * np.float32(scale)
        expect(call, [a, b], a.astype("float64") + b)
