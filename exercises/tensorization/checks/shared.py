"""What several items of the set share."""

import numpy as np
import tvm
from tvm import te
from tvm.s_tir import SBlock, Schedule, TensorIntrin
from tvm.script import tirx as T
from tvm.tirx import BufferStore, For, IfThenElse, While
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.calls import called, external_calls, no_extern_calls
from mlc_ref.checks.counters import counter_at_most, counter_is, simulated
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import Loop, has_loop
from mlc_ref.checks.sites import function, listing, nodes, sites
from mlc_ref.gpu import codegen
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text
from mlc_ref.tensorization import intrinsics, microkernel, reference
from mlc_ref.tensorization.given import kernels, programs
from mlc_ref.tensorization.programs import toy


NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def expect(found, oracle, **options):
    arrays_match(found, oracle.astype("float32"), rtol=1e-4, atol=1e-3, **options)


def tensorized(sch):
    """Names of the instructions in a schedule's trace."""
    return [str(getattr(i.attrs[0], "value", i.attrs[0])) for i in sch.trace.insts if i.kind.name == "Tensorize"]


def times(site):
    return int(np.prod([constant(loop.extent) for loop in site.loops]))


def only(site):
    return tvm.tirx.PrimFunc([], site.block.body)
