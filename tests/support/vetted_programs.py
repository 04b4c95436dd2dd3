"""A program as an answer holds it, for tests of what a trusted process takes in."""

import tvm
from tvm import te


def scale(expression=lambda a, i: a[i] * 2.0):
    a = te.placeholder((60,), "float32", name="A")
    return tvm.IRModule({"main": te.create_prim_func([a, te.compute((60,), lambda i: expression(a, i), name="B")])})
