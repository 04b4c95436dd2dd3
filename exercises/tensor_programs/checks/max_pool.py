"""Checks of the item ``max_pool``: max pooling."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference

from .shared import (
    STRUCTURE,
    expect,
    structure,
)

max_pool = Task("max_pool", kind="module", title=Text("Max pooling", "最大池化"))


_POOL_SHAPE = (2, 3, 7, 8)


_POOL_LARGEST = 3e38


@max_pool.inspect("structure", points=1, title=STRUCTURE)
def _(mod):
    structure(mod, [_POOL_SHAPE], (2, 3, 3, 3), reductions=1)


@max_pool.run("positive", points=2, title=Text("right numbers for positive inputs", "输入为正时数值正确"))
def _(call, rng):
    for largest in (1.0, 10 ** rng.uniform(-30, -20), 10 ** rng.uniform(20, 30), _POOL_LARGEST):
        _pools(call, rng.uniform(0.1, 1, _POOL_SHAPE) * largest)


@max_pool.run("negative", points=2, title=Text("right numbers for negative inputs", "输入为负时数值正确"))
def _(call, rng):
    hint = Text(
        "What must a maximum start from, so that no float32 is smaller?",
        "最大值应从什么开始，才能使任何 float32 都不比它小？",
    )
    for least, most in [
        (-_POOL_LARGEST, -1e38),
        (-_POOL_LARGEST, -0.99 * _POOL_LARGEST),
        (-1.0, -1e-3),
        (-1e-20, 1e-20),
    ]:
        _pools(call, rng.uniform(least, most, _POOL_SHAPE), hint)
    _pools(call, np.full(_POOL_SHAPE, -_POOL_LARGEST), hint)


def _pools(call, x, hint=None):
    """A maximum is one of the numbers: exactly."""
    x = x.astype("float32")
    expect(call, [x], reference.max_pool2d(x, 3, 2), hint=hint, rtol=0, atol=0)
