"""What several items of the set share."""

import math
import re
from collections import Counter
import numpy as np
from tvm import IRModule, relax, te, tirx
from tvm.ir import TensorLoad
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.equivalence import same_signature, written_parameters
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.memory import allocations
from mlc_ref.checks.sites import function, listing, nodes, reducing
from mlc_ref.checks.sites import sites as blocks
from mlc_ref.frameworks.practice import residual_graph, residual_result, residual_weights
from mlc_ref.language import Text


NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def expect(found, expected, where=None, hint=None):
    arrays_match(found, expected.astype("float32"), rtol=1e-4, atol=2e-5, where=where, hint=hint)


def _module(value) -> IRModule:
    """The module a function of the learner returned."""
    hint = Text('Wrap a PrimFunc as tvm.IRModule({"main": func}).', 'PrimFunc 要写成 tvm.IRModule({"main": func})。')
    require(
        isinstance(value, IRModule),
        expected=Text("a function that returns an IRModule", "一个返回 IRModule 的函数"),
        found=type(value).__name__,
        hint=hint,
    )
    return value


def _sizes(tensor_type) -> list[object] | None:
    values = getattr(getattr(tensor_type, "shape", None), "values", None)
    return None if values is None else [v if isinstance(v, tirx.Var) else int(v) for v in values]


def _node(name, operator, *args, module="", **kwargs):
    return {"name": name, "operator": f"aten.{operator}", "args": list(args), "kwargs": kwargs, "module": module}


def _v(name):
    return {"value": name}


def _network(shape, *steps, weights=None):
    listed = [{"name": name, "shape": list(extents)} for name, extents in (weights or {}).items()]
    inputs = [{"name": "x", "shape": list(shape)}]
    return {"inputs": inputs, "weights": listed, "nodes": list(steps), "outputs": [steps[-1]["name"]]}
