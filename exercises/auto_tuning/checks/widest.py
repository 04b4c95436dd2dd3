"""Checks of the item ``widest``: replay with chosen decisions."""

import math

import numpy as np
import tvm_ffi
from tvm import IRModule

from mlc_ref.auto_tuning.decisions import Decision, decisions, with_values
from mlc_ref.auto_tuning.space import draw, elementwise_space, matmul_space
from mlc_ref.checks import Task, require
from mlc_ref.checks.sites import sites
from mlc_ref.language import Text
from mlc_ref.schedules.programs import matmul, scale_add
from mlc_ref.schedules.traces import trace_to_json

from .shared import _kind, dict_with

# Replay with chosen decisions.

widest = Task("widest", kind="program", title=Text("Replay with chosen decisions", "用选定的决策重放"))


_SMOOTH = [4, 6, 8, 12, 16, 18, 20, 24, 32, 34, 36, 48, 51, 60]


_PRIME = [23, 29, 31, 37, 41, 43]


def _tiled(parts: int, limit: int):
    """A space that cuts the first loop of the first block into some tiles."""

    def space(sch):
        block = sites(sch)[0].name
        first = sch.get_loops(block)[0]
        sch.split(first, sch.sample_perfect_tile(first, n=parts, max_innermost_factor=limit))

    return space


def _recipe(rng, kind: int):
    """A program, a drawn schedule of it as JSON, and the decisions that are wanted."""
    seed = int(rng.integers(1, 2**30))
    if kind == 0:
        mod = scale_add(int(rng.choice([60, 96, 210, 1000])))
        sch = draw(mod, elementwise_space, seed)
    elif kind == 1:
        mod = matmul(*(int(size) for size in rng.choice(_SMOOTH, size=3)))
        sch = draw(mod, matmul_space, seed)
    elif kind == 2:  # no divisor but 1 within the limit, or the limit itself one
        length, limit = [(int(rng.choice(_PRIME)), 16), (96, 16), (60, 20)][int(rng.integers(3))]
        mod = scale_add(length)
        sch = draw(mod, _tiled(int(rng.choice([2, 4])), limit), seed)
    else:  # one more than the limit is a divisor
        mod = scale_add(int(rng.choice([34, 51, 68])))
        sch = draw(mod, _tiled(3, 16), seed)
    return mod, sch, [_widest(each) for each in decisions(sch)]


def _widest(made: Decision):
    if isinstance(made.value, int):
        return made.limit - 1
    extent = math.prod(made.value)
    last = max(size for size in range(1, made.limit + 1) if extent % size == 0)
    return (extent // last, *[1] * (len(made.value) - 2), last)


def _widened(call, rng, kind):
    mod, sch, wanted = _recipe(rng, kind)
    return mod, sch, wanted, dict_with(call(mod, trace_to_json(sch)), "values", "module")


@widest.run("values", points=2, title=Text("the decisions by the rule", "按规则选定的决策"))
def _(call, rng):
    for number in range(8):
        _mod, sch, wanted, result = _widened(call, rng, number % 4)
        drawn = str([each.value for each in decisions(sch)])
        right = isinstance(result["values"], list | tuple)
        require(right, expected=Text("a list", "一个列表"), found=_kind(result["values"]))
        found = [tuple(int(n) for n in v) if isinstance(v, list | tuple | np.ndarray) else v for v in result["values"]]
        where = Text(f"drawn {drawn}", f"抽到的是 {drawn}")
        hint = Text(
            "Apply the rule to each decision by itself: the limit and the length of the loop differ from one to the next.",
            "对每个决策分别应用规则：各个决策的上限和循环长度并不相同。",
        )
        require(found == wanted, expected=str(wanted), found=str(found), where=where, hint=hint)


@widest.run("module", points=3, title=Text("the module after the replay", "重放之后的模块"))
def _(call, rng):
    for kind in range(4):
        mod, sch, wanted, result = _widened(call, rng, kind)
        expected = with_values(mod, sch, wanted).mod
        require(isinstance(result["module"], IRModule), expected=Text("an IRModule", "一个 IRModule"),
                found=_kind(result["module"]), where="module")  # fmt: skip
        same = tvm_ffi.structural_equal(result["module"], expected)
        drawn = str([each.value for each in decisions(sch)])
        where = Text(f"drawn {drawn}", f"抽到的是 {drawn}")
        found = Text("another program", "另一个程序")
        require(same, expected=Text(f"the program of {wanted}", f"决策 {wanted} 的程序"), found=found, where=where,
                hint=Text("with_values(mod, schedule, values) replays with your values; hand back its .mod.",
                          "with_values(mod, schedule, values) 用你的值重放；请返回它的 .mod。"))  # fmt: skip
