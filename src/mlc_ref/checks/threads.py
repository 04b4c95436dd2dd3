"""Checks on the threads of a GPU schedule: how many of them have work to do."""

import math
from typing import Any

import numpy as np
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.failure import judging, require
from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.checks.loops import describe, kind_of
from mlc_ref.checks.sites import Selector, Site, Subject, select, sites
from mlc_ref.kinds import invalid
from mlc_ref.language import Text

MAX_ITERATIONS = 4_000_000
_BIND = Text(
    "Bind loops of every block to blockIdx and threadIdx, the outermost ones to blockIdx; "
    "a loop around a kernel is left to the CPU.",
    "把每个块的循环绑定到 blockIdx 和 threadIdx，最外层的绑定到 blockIdx；内核之外的循环会留给 CPU。",
)


def working_threads(site: Site) -> int:
    """How many threads, over all blocks of threads, run a block at least once.

    Raises:
        ValueError: the loops around it are of unknown length, or run more than ``MAX_ITERATIONS`` times.
    """
    extents = [extent for loop in site.loops if (extent := constant(loop.extent)) is not None]
    total = math.prod(extents)
    if len(extents) < len(site.loops) or total > MAX_ITERATIONS:
        raise invalid(
            f"block {site.name}: got loops {extents}, allowed known ones of {MAX_ITERATIONS} iterations",
            f"块 {site.name}：得到长度为 {extents} 的循环，允许的是长度已知、迭代不超过 {MAX_ITERATIONS} 次的循环",
        )
    steps = np.indices(extents).reshape(len(extents), total)
    bindings: dict[Any, Any] = {}
    for loop, step in zip(site.loops, steps, strict=True):
        bindings[loop.loop_var] = evaluate(loop.min, bindings) + step
    active = np.full(total, True)
    for realize in (*site.parents, site.realize):
        active &= _runs(realize, bindings)
    bound = [n for n, loop in enumerate(site.loops) if "Idx." in kind_of(loop)]
    return len(np.unique(steps[bound][:, active], axis=1).T) if bound else 1


@judging
def in_kernels(subject: Subject, *, entry: str = "main") -> None:
    """The outermost loop around every block is bound to a thread axis: no loop is left to the CPU.

    Raises:
        CheckFailure: naming the first block that stands outside a kernel.
    """
    for site in sites(subject, entry):
        outermost = next((loop for loop in site.loops if "Idx." in kind_of(loop) or constant(loop.extent) != 1), None)
        require(
            outermost is None or "Idx." in kind_of(outermost),
            expected=Text("a kernel that runs without an error", "能够无错运行的内核"),
            found=Text(f"block {site.name} stands outside a kernel", f"块 {site.name} 在内核之外"),
            where=describe(site),
            hint=_BIND,
        )


def _runs(realize: SBlockRealize, bindings: dict[Any, Any]) -> Any:
    """At which iterations a block's predicate holds; its axes are bound afterwards."""
    values = [evaluate(value, bindings) for value in realize.iter_values]
    holds = evaluate(realize.predicate, bindings)
    bindings.update(zip((axis.var for axis in realize.block.iter_vars), values, strict=True))
    return np.asarray(holds, dtype=bool)


@judging
def threads_at_least(
    subject: Subject, block: Selector | None, least: int, *, entry: str = "main", hint: Text | None = None
) -> None:
    """At least this many threads run one of the blocks selected; idle threads do not count.

    Raises:
        CheckFailure: fewer do.
    """
    found = {site.name: working_threads(site) for site in select(subject, block, entry)}
    name = max(found, key=lambda each: found[each])
    require(
        found[name] >= least,
        expected=Text(f"at least {least:,} threads that compute", f"至少 {least:,} 个参与计算的线程"),
        found=f"{found[name]:,}",
        where=Text(f"block {name}", f"块 {name}"),
        hint=hint,
    )
