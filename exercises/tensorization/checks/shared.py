"""What several items of the set share."""

import numpy as np
import tvm

from mlc_ref.checks import arrays_match
from mlc_ref.checks.index_math import constant
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def expect(found, oracle, **options):
    arrays_match(found, oracle.astype("float32"), rtol=1e-4, atol=1e-3, **options)


def tensorized(sch):
    """Names of the instructions in a schedule's trace."""
    return [str(getattr(i.attrs[0], "value", i.attrs[0])) for i in sch.trace.insts if i.kind.name == "Tensorize"]


def times(site):
    return int(np.prod([constant(loop.extent) or 0 for loop in site.loops]))


def only(site):
    return tvm.tirx.PrimFunc([], site.block.body)
