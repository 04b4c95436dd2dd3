"""Checks of the item ``less_memory``: less memory."""

import numpy as np
from tvm import IRModule, relax

from mlc_ref.checks import Task, require
from mlc_ref.checks.graphs import calls, well_formed
from mlc_ref.checks.planning import plans_at_most
from mlc_ref.checks.sites import listing
from mlc_ref.end_to_end.exercise_inputs.programs import Ensemble
from mlc_ref.language import Text

from .shared import NEEDED, NUMBERS, expect, normal, one_function, signature

# Less memory.

less_memory = Task("less_memory", kind="module", title=Text("Less memory", "更少的内存"))


_WEIGHTS = [(48, 48)] * 5


FIRST_BOUND, SECOND_BOUND = 16000, 13000


def _does_the_work(mod: IRModule) -> None:
    """Without dead code, every operator of the given graph occurs at least as often as there, and no other."""
    signature(mod, [(16, 48), *_WEIGHTS], (16, 48))
    well_formed(mod)
    one_function(mod, Text("Write all operators into main.", "把所有算子都写在 main 里。"))
    alive = relax.transform.DeadCodeElimination()(mod)
    found, wanted = ([site.operator for site in calls(each)] for each in (alive, Ensemble))
    counts = {name: (found.count(name), wanted.count(name)) for name in sorted(set(wanted))}
    few = [f"{name} {ours}/{theirs}" for name, (ours, theirs) in counts.items() if ours < theirs]
    others = [f"{name} {found.count(name)}/0" for name in sorted(set(found) - set(wanted))]
    require(
        not few and not others,
        expected=Text("each operator of the given graph, as often as there", "给定计算图中的每个算子，次数不少于原图"),
        found=listing([*few, *others]),
        where=NEEDED,
    )


def _plans(mod: IRModule, limit: int) -> None:
    _does_the_work(mod)
    hint = Text("Which values wait, and for what? Look at live_bytes.", "哪些值在等待，等的是什么？看看 live_bytes。")
    plans_at_most(mod, limit, hint=hint)


@less_memory.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x, *weights = (normal(rng, *shape) for shape in [(16, 48), *_WEIGHTS])
    e = np.tanh(x.astype("float64"))
    expect(call(x, *weights), sum(np.maximum(e @ w, 0) for w in weights) * e)


@less_memory.inspect("first", points=2, title=Text(f"at most {FIRST_BOUND:,} bytes", f"至多 {FIRST_BOUND:,} 字节"))
def _(mod):
    _plans(mod, FIRST_BOUND)


@less_memory.inspect("second", points=2, title=Text(f"at most {SECOND_BOUND:,} bytes", f"至多 {SECOND_BOUND:,} 字节"))
def _(mod):
    _plans(mod, SECOND_BOUND)
