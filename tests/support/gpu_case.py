"""A GPU kernel with what it computes; ``gpu_cases`` holds them."""

from dataclasses import dataclass, field

import numpy as np
import tvm

RNG = np.random.default_rng(7)


@dataclass(frozen=True, eq=False)
class Case:
    """A module, its arguments and what it computes.

    Attributes:
        outputs: as ``simulate`` takes them.
        counters: some of what the kernel costs, counted by hand.
    """

    mod: tvm.IRModule
    inputs: list
    outputs: list
    expected: list
    counters: dict[str, int] = field(default_factory=dict)
    rtol: float = 0


CASES: dict[str, Case] = {}


def add(name, func, inputs, outputs, expected, counters=None, rtol=0.0):
    """Enter a kernel whose outputs are ``expected``."""
    mod = func if isinstance(func, tvm.IRModule) else tvm.IRModule({"main": func.with_attr("global_symbol", "main")})
    CASES[name] = Case(mod, inputs, outputs, expected, counters or {}, rtol)


def floats(*shape, dtype="float32"):
    return RNG.random(shape, dtype="float32").astype(dtype)


def like(*arrays):
    return [(a.shape, str(a.dtype)) for a in arrays]


def one(name, func, inputs, expected, **more):
    """A kernel with one output that holds nothing at first."""
    add(name, func, inputs, like(expected), [expected], **more)


a64 = floats(64)
i64 = np.arange(64, dtype="int32") * 3
