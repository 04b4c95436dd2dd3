"""Checks of the item ``conv2d_stride``: convolution with stride."""

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


conv2d_stride = Task("conv2d_stride", kind="module", title=Text("Convolution with stride", "带步长的卷积"))


@conv2d_stride.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    structure(mod, [(2, 3, 9, 8), (4, 3, 3, 2)], (2, 4, 4, 4), reductions=1)


@conv2d_stride.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    for scale in scales(rng):
        x, w = normal(rng, 2, 3, 9, 8) * np.float32(scale), normal(rng, 4, 3, 3, 2)
        expect(call, [x, w], reference.conv2d(x, w, stride=2))
