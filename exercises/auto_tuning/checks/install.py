"""Checks of the item ``install``: tune and install."""

import numpy as np
from tvm import IRModule, relax
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.exercise_inputs import (
    scoring_model,
)
from mlc_ref.auto_tuning.nests import main_nest, nest_of
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.declared import stores_in_blocks
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.sites import listing, sites
from mlc_ref.language import Text

from .shared import NUMBERS, normal

# Tune and install.

install = Task("install", kind="module", title=Text("Tune and install", "调优并安装"))


LAYER = "fused_matmul_add_relu"


SHARE = 12
"""The layer is to cost at most one part in ``SHARE`` of what it costs unscheduled."""


_WHOLE = Text(
    "Hand in the whole model: a copy of exercise_inputs.scoring_model() in which this one function is replaced, under its own name.",
    "请提交整个模型：exercise_inputs.scoring_model() 的副本，其中只有这个函数被替换，名字不变。",
)


def _layer(mod):
    names = [var.name_hint for var in mod.get_global_vars()]
    require(LAYER in names, expected=LAYER, found=listing(names), hint=_WHOLE)
    return mod[LAYER]


@install.inspect("graph", points=1, title=Text("the layer replaced, and nothing else", "只替换这一层"))
def _(mod):
    given = scoring_model()
    wanted, found = (sorted(var.name_hint for var in each.get_global_vars()) for each in (given, mod))
    require(found == wanted, expected=listing(wanted), found=listing(found), hint=_WHOLE)
    for name in wanted:
        if name != LAYER:
            same = isinstance(mod["main"], relax.Function) and _same(mod, given, name)
            hint = Text("Put the winner under the GlobalVar that the graph calls: mod.get_global_var(name).",
                        "把胜出者放在图所调用的 GlobalVar 之下：mod.get_global_var(name)。")  # fmt: skip
            require(same, expected=Text("as in the given model", "与给定的模型相同"), found=Text("changed", "有改动"),
                    where=name, hint=hint)  # fmt: skip
    same_signature(_layer(mod), _layer(given))
    replaced = _layer(mod).script() != _layer(given).script()
    require(
        replaced, expected=Text("another schedule", "另一个调度"), found=Text("as given", "与给定的相同"), where=LAYER
    )


def _same(mod, given, name) -> bool:
    # The graph refers to its functions by GlobalVar, which belongs to its module: compare what is printed.
    return mod[name].script() == given[name].script()


@install.inspect("cost", points=4, title=Text("simulated cycles", "模拟周期数"))
def _(mod):
    no_extern_calls(_layer(mod))
    stores_in_blocks(_layer(mod), loads=4)
    found, unscheduled = (Schedule(_alone(each)) for each in (mod, scoring_model()))
    work, needed = main_nest(found).iterations, main_nest(unscheduled).iterations
    require(work >= needed, expected=Text(f"{needed} multiply-adds", f"{needed} 次乘加"), found=work, where=LAYER)
    # Whatever else the layer does costs too, beyond what bias and activation cost as they were given.
    whole, product = _cycles(unscheduled), SimulatedCpu()(unscheduled)
    limit = product / SHARE
    cost = max(SimulatedCpu()(found), _cycles(found) - (whole - product))
    hint = Text(
        "Parallel tasks outside, a tile of rows and columns inside all reduction loops, its columns as a vector.",
        "外层是并行的任务；所有规约循环之内是由行和列组成的分块，其中的列作为向量。",
    )
    wanted = Text(f"at most {limit:.0f} cycles", f"至多 {limit:.0f} 个周期")
    require(cost <= limit, expected=wanted, found=f"{cost:.0f}", where=LAYER, hint=hint)


def _cycles(sch) -> float:
    """Cycles of all blocks together."""
    return sum(SimulatedCpu().cost(nest_of(site)) for site in sites(sch))


def _alone(mod):
    return IRModule({"main": _layer(mod).with_attr("global_symbol", "main")})


@install.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x, w0, b0, w1, b1 = (normal(rng, *shape) for shape in [(48, 60), (60, 40), (40,), (40, 12), (12,)])
    oracle = np.maximum(x.astype("float64") @ w0 + b0, 0) @ w1 + b1
    arrays_match(call(x, w0, b0, w1, b1), oracle.astype("float32"), rtol=1e-3, atol=1e-2)
