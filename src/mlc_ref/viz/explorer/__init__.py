"""The schedule explorer: a widget that walks through the steps of a schedule.

``steps`` takes the trace again, ``calls`` and ``sentences`` say what each step is, ``memory`` traces and
counts what the program of each step does, ``delta_encoding`` writes that short.
"""

from typing import Any

import tvm
from tvm.s_tir import Schedule

from mlc_ref.checks.sites import function
from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print
from mlc_ref.viz.explorer.fallback import fallback
from mlc_ref.viz.explorer.memory import Counted, Pictures, on_cpu, on_gpu, order_of, parameters, runs_on_gpu
from mlc_ref.viz.explorer.sentences import sentence
from mlc_ref.viz.explorer.steps import Step, replay, visible
from mlc_ref.viz.loops import changed_lines, loop_nest, readable
from mlc_ref.viz.widget import Widget

_LINE, _MOST_LINES = 21, 16

_NO_TRACE = Text(
    "explore: got {kind} without a trace, allowed is a Schedule made by Schedule(mod)",
    "explore：得到没有轨迹的 {kind}，允许的是由 Schedule(mod) 得到的 Schedule",
)
_NO_STEP = Text(
    "explore: got a schedule without a step that changes the program, nothing can be shown",
    "explore：得到的调度中没有改变程序的步骤，没有可以显示的内容",
)
_NO_FIT = Text(
    "explore: {argument} is no module the steps of the schedule fit: {rule}",
    "explore：调度的步骤不适用于 {argument} 这个模块，英文原文：{rule}",
)


@takes("Schedule")
def explore(
    sch: Schedule,
    start: tvm.IRModule,
    *,
    small: tvm.IRModule | None = None,
    picture: bool = True,
    cache_bytes: int = 256,
    accesses: int = 3000,
    blocks: bool = False,
    entry: str = "main",
    title: Text | None = None,
) -> Widget:
    """A widget that walks through the steps of a schedule: loop nest, order of accesses, counters.

    Args:
        sch: the schedule; its trace is taken again.
        start: the module it began with, which a schedule does not remember.
        small: a smaller instance of ``start``, on which the same steps are taken to draw and count; drawn
            numbers are scaled to fit it. Default: ``start``.
        picture: whether memory is drawn and counted.
        cache_bytes: of the model cache that counts programs for a CPU; the GPU simulator counts the others.
        accesses: how many are drawn at most.
        blocks: whether the loop nest shows the names of blocks.
        entry: the function's name.
        title: a heading, where the text around does not make one.

    Raises:
        ValueError: the schedule has no trace or no visible step, does not fit ``start`` or ``small``, or the
            instance to be drawn is too large.
    """
    if sch.trace is None:
        raise ValueError(for_print(_NO_TRACE.format(kind=type(sch).__name__)))
    steps = _replayed(sch, start, entry, "start")
    shown = visible(steps)
    if len(shown) < 2:
        raise ValueError(for_print(_NO_STEP))
    instances = steps if small is None else _replayed(sch, small, entry, "small")
    data = _nests([steps[i] for i in shown], blocks, entry)
    if picture:
        gpu = runs_on_gpu(steps[-1].mod, entry)
        counted = on_gpu(entry) if gpu else on_cpu(cache_bytes, entry)
        data |= _memory([instances[i] for i in shown], counted, accesses, entry)
        data |= {"cache": None if gpu else cache_bytes}
    data["open"] = _most_telling(data)
    if title is not None:
        data["title"] = title
    return Widget("explore", data, fallback(data), height=_height(data))


def _replayed(sch: Schedule, start: tvm.IRModule, entry: str, argument: str) -> list[Step]:
    assert sch.trace is not None
    try:
        return replay(sch.trace, start, entry)
    except tvm.s_tir.ScheduleError as error:
        rule = str(error).strip().splitlines()[-1]
        raise ValueError(for_print(_NO_FIT.format(argument=argument, rule=rule))) from error


def _nests(steps: list[Step], blocks: bool, entry: str) -> dict[str, Any]:
    """Of each step its text and its nest; lines are numbers in a table, since most stay from step to step."""
    table: dict[str, int] = {}
    shown: list[dict[str, Any]] = []
    before: list[str] = []
    for step in steps:
        lines = readable(loop_nest(step.mod, entry, blocks=blocks))
        gone, new = changed_lines(before, lines) if shown else (set(), set())
        numbers = [table.setdefault(line, len(table)) for line in lines]
        shown.append({"kind": step.kind, "call": step.call, "results": list(step.results), "sampled": step.sampled,
                      "nest": numbers, "gone": sorted(gone), "new": sorted(new)})  # fmt: skip
        before = lines
    kinds = {step.kind: sentence(step.kind) for step in steps[1:]}
    return {"lines": list(table), "steps": shown, "sentences": kinds}


def _most_telling(data: dict[str, Any]) -> int:
    """The step on which the widget opens: of those that change the nest, where what is counted falls by the largest share.

    Where it never falls, or nothing is counted, the one that changes most lines; of several the first.
    """
    steps, falls, known = data["steps"], [0.0] * len(data["steps"]), None
    for i, counted in enumerate(data.get("counters", {}).get("numbers", [])):
        if counted is None:
            continue
        value = counted[data["counters"]["bar"]]
        falls[i] = max(0.0, 1 - value / known) if known else 0.0
        known = value

    def score(i: int) -> tuple[float, int]:
        lines = len(steps[i]["gone"]) + len(steps[i]["new"])
        return falls[i] if lines else 0.0, lines

    return max(range(1, len(steps)), key=score)


def _memory(steps: list[Step], counted: Counted, limit: int, entry: str) -> dict[str, Any]:
    """Of each step the access order and the counters, and what they are counted on."""
    pictures = Pictures(limit)
    pictures.places(parameters(function(steps[0].mod, entry)))  # these come first, in the order of the call
    orders = [order_of(step.mod, entry) for step in steps]
    drawn = [None if order is None else pictures.add(order) for order in orders]
    numbers = [counted.of(step.mod, order) for step, order in zip(steps, orders, strict=True)]
    counters = {"names": counted.names, "model": counted.model, "bar": counted.bar, "numbers": numbers}
    return {"buffers": pictures.buffers, "orders": pictures.orders, "drawn": drawn, "counters": counters}


def _height(data: dict[str, Any]) -> int:
    """About the height of the widget on a wide page; the style sheet gives each part a fixed one."""
    most = max(len(step["nest"]) + len(step["gone"]) for step in data["steps"])
    height = 200 + _LINE * min(most, _MOST_LINES)
    if "buffers" in data:
        names = {buffer[0] for buffer in data["buffers"]}
        height += 170 + 250 * -(-len(names) // 3)
        height += 60 + 32 * len(data["counters"]["names"]) if any(data["counters"]["numbers"]) else 0
    return height
