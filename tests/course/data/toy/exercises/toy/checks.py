"""Checks of the toy set: one item of each kind of answer."""

import numpy as np

from mlc_ref.checks import Task, arrays_match, equal_value, require
from mlc_ref.language import Text


def scale_module():
    """``B[i] = 2 * A[i]``, the module that the trace item schedules."""
    from tvm import te
    from tvm.ir import IRModule

    a = te.placeholder((60,), "float32", name="A")
    b = te.compute((60,), lambda i: a[i] * 2.0, name="B")
    return IRModule({"main": te.create_prim_func([a, b])})


value = Task("axis", kind="value", title=Text("Name the axis kind", "说出轴的种类"))


@value.inspect("kind", points=2, title=Text("the kind", "种类"))
def axis_kind(answer):
    equal_value(answer, "reduction", hint=Text("It is summed over.", "它被求和。"))


program = Task("double", kind="program", title=Text("Double an array", "数组加倍"))


@program.run("numbers", points=3, title=Text("right numbers", "数值正确"))
def numbers(call, rng):
    x = rng.random(rng.integers(1, 9), dtype="float32")
    arrays_match(call(x), 2 * x, where="double(x)")


@program.run("input", points=1, title=Text("leaves its input alone", "不改动输入"))
def keeps_input(call, rng):
    x = rng.random(5, dtype="float32")
    (after,) = call(x, returns="arguments")
    arrays_match(after, x, hint=Text("Allocate a new array.", "请分配新数组。"))


module = Task("scale", kind="module", title=Text("Scale in TensorIR", "用 TensorIR 缩放"))


@module.inspect("blocks", points=1, title=Text("one block", "一个块"))
def one_block(mod):
    count = mod.script().count("T.sblock(") - mod.script().count('T.sblock("root")')
    require(count == 1, expected=Text("1 block", "1 个块"), found=count)


@module.run("numbers", points=2, title=Text("right numbers", "数值正确"))
def module_numbers(call, rng):
    x = rng.random(60, dtype="float32")
    arrays_match(call(x, out=[((60,), "float32")]), 2 * x)


trace = Task("split", kind="trace", module=scale_module, title=Text("Split a loop", "拆分循环"))


@trace.inspect("loops", points=2, title=Text("two loops", "两层循环"))
def two_loops(sch):
    extents = [int(sch.get(loop).extent) for loop in sch.get_loops(sch.get_sblock("B"))]
    require(extents == [15, 4], expected=Text("loops of 15 and 4", "15 与 4 两层循环"), found=extents, where="B")


@trace.run("numbers", points=1, title=Text("right numbers", "数值正确"))
def trace_numbers(call, rng):
    x = rng.random(60, dtype="float32")
    arrays_match(call(x, out=[((60,), "float32")]), np.float32(2) * x)


TASKS = [value, program, module, trace]
