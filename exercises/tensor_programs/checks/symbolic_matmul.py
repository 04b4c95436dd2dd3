"""Checks of the item ``symbolic_matmul``: matmul of any shape."""

import numpy as np
from tvm import te

from mlc_ref.checks import Task
from mlc_ref.harness import error_bound
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference

from .shared import (
    NUMBERS,
    STRUCTURE,
    expect,
    normal,
    structure,
)

symbolic_matmul = Task("symbolic_matmul", kind="module", title=Text("Matmul of any shape", "任意形状的矩阵乘法"))


@symbolic_matmul.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    n, k, m = (te.var(name, dtype="int64") for name in "nkm")
    structure(mod, [(n, k), (k, m)], (n, m), reductions=1)


@symbolic_matmul.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    few, many = (2, 6), (80, 1000)
    secret = [[int(rng.integers(*(many if n == long else few))) for n in range(3)] for long in range(3)]
    for n, k, m in [(1, 1, 1), (17, 1, 4), *secret, rng.integers(20, 90, size=3).tolist()]:
        a, b = normal(rng, n, k), normal(rng, k, m)
        shapes = f"({n}, {k}) @ ({k}, {m})"
        oracle = reference.matmul(a, b)
        bound = error_bound(k) * float((np.abs(a) @ np.abs(b)).max()) + 1e-6
        expect(call, [a, b], oracle, rtol=0, atol=bound, where=shapes)
