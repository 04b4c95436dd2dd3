"""Checks of the item ``pipeline``: a pipeline with a bound."""

import numpy as np
from tvm import IRModule

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.graphs import calls
from mlc_ref.checks.rewrites import leaves_the_given_module_alone, rewritten_module
from mlc_ref.checks.sites import listing
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.graph_optimization.exercise_inputs import Sketch, gated_network
from mlc_ref.graph_optimization.traffic import intermediates
from mlc_ref.language import Text

from .shared import sizes

# A pipeline.

pipeline = Task("pipeline", kind="program", title=Text("A pipeline with a bound", "满足上界的流水线"))


def _given(rng) -> tuple[IRModule, IRModule, Sketch, list]:
    """A gated network of random sizes with its weights bound, twice, and the arrays."""
    sketch = gated_network(*sizes(rng, 4))
    arrays = sketch.arrays(rng)
    weights = dict(zip(list(sketch.parameters)[1:], arrays[1:], strict=True))
    return bind_weights(sketch.module(), weights), bind_weights(sketch.module(), weights), sketch, arrays


_INSIDE = Text(
    "Most bytes are buffers inside of the programs: merge the loops of each, so that a buffer holds what one iteration needs.",
    "大部分字节是程序内部的缓冲区：把每个程序的循环合并，缓冲区就只放一次迭代所需的值。",
)


_BETWEEN = Text(
    "Most bytes are values between calls: fewer, larger groups have fewer of them.",
    "大部分字节是调用之间的值：组少而大，这样的值就少。",
)


_TWICE = Text(
    "Look at the graph after each pass: what is computed twice, and at which step can that still be seen?",
    "逐个 Pass 查看计算图：什么被算了两次？在哪一步还看得出来？",
)


_LOWER = Text(
    "Groups and operators must become tensor programs: see the section on lowering.",
    "组和算子都要变成张量程序（lowering）：见“下降到张量程序”一节。",
)


def _piped(call, rng, first: bool) -> None:
    """What the answer makes of a gated network with its weights bound: within a bound, with right numbers."""
    given, same, sketch, arrays = _given(rng)
    rows, hidden = sketch.parameters["x"][0], sketch.parameters["w0"][0]
    mod = rewritten_module(call(given), same)
    others = [str(site) for site in calls(mod, nested=False) if site.operator != "relax.call_tir"]
    only = Text("calls of tensor programs alone, none of a sub-function", "只有张量程序的调用，没有子函数的调用")
    require(not others, expected=only, found=listing(sorted(set(others))), where="main", hint=_LOWER)
    value = rows * hidden * 4
    limit = 3 * value if first else value + 64
    counted = intermediates(mod)
    hidden_calls = len(calls(mod, nested=False)) - counted.calls
    require(not hidden_calls, expected=Text("a main without branches", "没有分支的 main"), found=hidden_calls)
    hint = _INSIDE if counted.inside > value else _BETWEEN if first else _TWICE
    wanted = Text(f"at most {limit} bytes of intermediate values", f"中间值至多 {limit} 字节")
    shown = Text(
        f"{counted.total} bytes: {counted.between} between calls, {counted.inside} inside of programs",
        f"{counted.total} 字节：调用之间 {counted.between}，程序内部 {counted.inside}",
    )
    where = f"rows={rows}, hidden={hidden}"
    require(counted.total <= limit, expected=wanted, found=shown, where=where, hint=hint)
    # A program that computes something else may be as small as it likes.
    found = call.module(mod, np.ascontiguousarray(arrays[0]))
    arrays_match(found, sketch.oracle(*arrays).astype("float32"), rtol=1e-3, atol=1e-3, where=where)


@pipeline.run("first", points=2, title=Text("first bound", "第一个上界"))
def _(call, rng):
    _piped(call, rng, first=True)
    given, same, *_ = _given(rng)
    leaves_the_given_module_alone(call, given, same=same)


@pipeline.run("second", points=2, title=Text("second bound", "第二个上界"))
def _(call, rng):
    _piped(call, rng, first=False)


@pipeline.run("numbers", points=1, title=Text("right numbers within the first bound", "在第一个上界内数值正确"))
def _(call, rng):
    for _round in range(2):
        _piped(call, rng, first=True)
