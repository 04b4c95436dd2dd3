"""Checks of the item ``split``: split a loop."""

import numpy as np

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.language import Text


def scale_module():
    """``B[i] = 2 * A[i]``, the module that the trace item schedules."""
    from tvm import te
    from tvm.ir import IRModule

    a = te.placeholder((60,), "float32", name="A")
    b = te.compute((60,), lambda i: a[i] * 2.0, name="B")
    return IRModule({"main": te.create_prim_func([a, b])})


trace = Task("split", kind="trace", module=scale_module, title=Text("Split a loop", "拆分循环"))


@trace.inspect("loops", points=2, title=Text("two loops", "两层循环"))
def two_loops(sch):
    extents = [int(sch.get(loop).extent) for loop in sch.get_loops(sch.get_sblock("B"))]
    require(extents == [15, 4], expected=Text("loops of 15 and 4", "15 与 4 两层循环"), found=extents, where="B")


@trace.run("numbers", points=1, title=Text("right numbers", "数值正确"))
def trace_numbers(call, rng):
    x = rng.random(60, dtype="float32")
    arrays_match(call(x, out=[((60,), "float32")]), np.float32(2) * x)
