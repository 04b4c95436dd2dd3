"""One loop nest from a fused tensor program, so that its intermediate values need no memory of their size."""

from contextlib import suppress

import tvm
from tvm import tirx
from tvm.s_tir import SBlockRealize, Schedule, ScheduleError
from tvm.s_tir.schedule import LoopRV, SBlockRV

from mlc_ref.checks.sites import nodes
from mlc_ref.kinds import takes

SPATIAL, REDUCTION = tirx.IterVar.DataPar, tirx.IterVar.CommReduce


@takes("PrimFunc")
def merging_schedule(program: tirx.PrimFunc) -> Schedule:
    """Compute what follows a reduction inside its loops, element by element.

    Stages without a reduction are inlined into their readers. If one reduction and the last stage
    remain, the last stage moves into the reduction's spatial loops, if these stand outside. A step that
    the schedule refuses, such as inlining a result or moving a reader of neighbours, is left out.

    Before::

        for i, j, k: product[i, j] += x[i, k] * w[k, j]
        for i, j: total[i, j] = product[i, j] + b[j]
        for i, j: out[i, j] = max(total[i, j], 0)

    After::

        for i, j:
            for k: product[i, j] += x[i, k] * w[k, j]
            out[i, j] = max(product[i, j] + b[j], 0)

    Returns:
        The schedule; its module holds the program as ``main``.
    """
    schedule = Schedule(tvm.IRModule({"main": program}), error_render_level="none")
    for stage in _stages(schedule)[:-1]:
        if not _reduces(schedule, stage):
            with suppress(ScheduleError):
                schedule.compute_inline(stage)
    stages = _stages(schedule)
    if len(stages) == 2 and _reduces(schedule, stages[0]) and not _reduces(schedule, stages[1]):
        loop = _innermost_spatial_loop(schedule, stages[0])
        if loop is not None:
            # For a reader of neighbours TVM's region solver gives up with a ValueError.
            with suppress(ScheduleError, ValueError):
                schedule.reverse_compute_at(stages[1], loop)
    return schedule


@takes("PrimFunc")
def merge_loops(program: tirx.PrimFunc) -> tirx.PrimFunc:
    """The program whose loops ``merging_schedule`` merges, with the attributes it had."""
    return merging_schedule(program).mod["main"].with_attrs(program.attrs)


@takes("IRModule")
def merge_all_loops(mod: tvm.IRModule) -> tvm.IRModule:
    """``merge_loops`` for every tensor program of a module."""
    functions = dict(mod.functions_items())
    merged = {var: merge_loops(f) for var, f in functions.items() if isinstance(f, tirx.PrimFunc)}
    return tvm.IRModule({**functions, **merged}, attrs=mod.attrs)


def _stages(schedule: Schedule) -> list[SBlockRV]:
    return schedule.get_child_blocks(schedule.get_sblock("root"))


def _reduces(schedule: Schedule, stage: SBlockRV) -> bool:
    return any(axis.iter_type == REDUCTION for axis in schedule.get(stage).iter_vars)


def _innermost_spatial_loop(schedule: Schedule, stage: SBlockRV) -> LoopRV | None:
    """The loop around which an element is complete: all spatial loops outside of it, all others inside."""
    name = schedule.get(stage).name_hint
    realize = next(r for r in nodes(schedule.mod["main"].body, SBlockRealize) if r.block.name_hint == name)
    axes = zip(realize.block.iter_vars, realize.iter_values, strict=True)
    spatial = [value for axis, value in axes if axis.iter_type == SPATIAL]
    loops = schedule.get_loops(stage)[: len(spatial)]
    outside = all(any(schedule.get(loop).loop_var.same_as(value) for value in spatial) for loop in loops)
    return loops[-1] if loops and outside else None
