"""Checks of the item ``broadcast_add``: broadcast addition."""

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


broadcast_add = Task("broadcast_add", kind="module", title=Text("Broadcast addition", "广播加法"))


@broadcast_add.inspect("structure", points=1, title=STRUCTURE)
def _(mod):
    structure(mod, [(3, 1, 4), (5, 1)], (3, 5, 4))


@broadcast_add.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for scale in scales(rng):
        a, b = normal(rng, 3, 1, 4) * np.float32(scale), normal(rng, 5, 1) * np.float32(scale)
        expect(call, [a, b], a.astype("float64") + b)
