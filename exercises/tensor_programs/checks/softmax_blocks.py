"""Checks of the item ``softmax_blocks``: softmax in several blocks."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference

from .shared import (
    NUMBERS,
    STRUCTURE,
    expect,
    normal,
    structure,
)

softmax_blocks = Task("softmax_blocks", kind="module", title=Text("Softmax in several blocks", "用多个块实现 softmax"))


@softmax_blocks.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    structure(mod, [(5, 7)], (5, 7), reductions=2, blocks=3)


@softmax_blocks.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    x = normal(rng, 5, 7)
    expect(call, [x], reference.softmax(x))


@softmax_blocks.run("large", points=1, title=Text("large inputs", "很大的输入"))
def _(call, rng):
    hint = Text(
        "exp of a large number overflows; subtract the row's maximum first.", "大数的 exp 会溢出；先减去该行的最大值。"
    )
    # In each row one element is larger than the others by more than exp can take, each column in its turn.
    for peaks in (rng.permutation(7)[:5], rng.permutation(7)):
        for size in (1e3, float(10 ** rng.uniform(4, 6)), -float(10 ** rng.uniform(4, 6))):
            x = normal(rng, 5, 7) * 10 + size
            x[np.arange(5), np.resize(peaks, 7)[:5]] += 200
            _softmax(call, x, hint)
    for peak in range(7):
        x = normal(rng, 5, 7) * 10
        x[:, peak] += 200
        _softmax(call, x, hint)
    _softmax(call, rng.uniform(-3e38, -1e38, (5, 7)), hint)
    _softmax(call, rng.uniform(-3e38, 3e38, (5, 7)), hint)
    _softmax(call, np.full((5, 7), -3e38), hint)


def _softmax(call, x, hint=None):
    x = x.astype("float32")
    expect(call, [x], reference.softmax(x), hint=hint)
