"""Checks of the item ``repair_axes``: repair the axes."""

import numpy as np

from mlc_ref.checks import Task
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.sites import sites
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference
from mlc_ref.tensor_programs.axes import check_domains, check_kinds

from .shared import (
    BLOCKS,
    NUMBERS,
    _blocks,
    at_least,
    expect,
    normal,
    parameters,
    scales,
)

repair_axes = Task("repair_axes", kind="module", title=Text("Repair the axes", "修复块轴"))


_REPAIR_INPUTS = [(5, 7), (7,)]


@repair_axes.inspect("kinds", points=1, title=Text("kinds of the axes", "轴的类型"))
def _(mod):
    _blocks(mod, _REPAIR_INPUTS, (5,), reductions=1)
    check_kinds(mod)


@repair_axes.inspect("domains", points=1, title=Text("domains of the axes", "轴的定义域"))
def _(mod):
    same_signature(mod, parameters(_REPAIR_INPUTS, (5,)))
    no_extern_calls(mod)
    at_least(sites(mod), 1, Text("blocks", "块"), BLOCKS)
    check_domains(mod)


@repair_axes.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for scale in scales(rng):
        a, w = normal(rng, 5, 7) * np.float32(scale), normal(rng, 7)
        expect(call, [a, w], reference.weighted_row_sum(a, w))
