"""Checks of the item ``symbolic_matmul``: matmul of any shape."""

import numpy as np
from tvm import te, tirx
from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.contributing import computes_by_axes, contributing
from mlc_ref.checks.equivalence import same_signature, written_parameters
from mlc_ref.checks.sites import function, listing, nodes, reducing, select, sites
from mlc_ref.harness import error_bound
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference
from mlc_ref.tensor_programs.axes import check_axes, check_domains, check_kinds
from .shared import NUMBERS, STRUCTURE, BLOCKS, NAN, REDUCTIONS, START, at_least, _blocks, expect, initialized, normal, parameters, scales, structure, writes_its_output_only


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
