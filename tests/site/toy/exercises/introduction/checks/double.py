"""Checks of the item ``double``: double an array."""

import numpy as np

from mlc_ref.checks import Task, arrays_match
from mlc_ref.language import Text

double = Task("double", kind="program", title=Text("Double an array", "数组加倍"))


@double.run("numbers", points=3, title=Text("right numbers", "数值正确"))
def numbers(call, rng):
    x = rng.random(5).astype(np.float32)
    arrays_match(call(x), 2 * x)
