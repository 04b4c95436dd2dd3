"""A schedule as data: its trace saved as JSON and replayed on a fresh module."""

import json

import tvm
from tvm.s_tir import Schedule, Trace

from mlc_ref.kinds import invalid, takes


@takes("Schedule")
def trace_to_json(sch: Schedule) -> str:
    """The steps and decisions of a schedule as a JSON text.

    Raises:
        ValueError: the schedule keeps no trace.
    """
    if sch.trace is None:
        raise invalid(
            "schedule: got one without a trace, allowed one made by Schedule(mod)",
            "schedule：得到没有轨迹的调度，允许的是由 Schedule(mod) 得到的调度",
        )
    return json.dumps(_plain(sch.trace.as_json()))


@takes("IRModule")
def replay(mod: tvm.IRModule, text: str) -> Schedule:
    """Take the steps of ``trace_to_json`` again, on a fresh module.

    Raises:
        ValueError: ``text`` is no JSON.
        tvm.s_tir.ScheduleError: a step is illegal on this module; the message names it.
    """
    sch = Schedule(mod)
    Trace.apply_json_to_schedule(json.loads(text), sch)
    return sch


@takes("Schedule")
def steps(sch: Schedule) -> list[str]:
    """The names of the schedule's primitives in order, such as ``["GetSBlock", "GetLoops", "Split"]``."""
    return [] if sch.trace is None else [str(inst.kind.name) for inst in sch.trace.insts]


def _plain(value: object) -> object:
    """TVM's arrays, strings and numbers as Python's, all the way down."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tvm.tirx.IntImm | tvm.tirx.FloatImm):
        return value.value
    if hasattr(value, "items"):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value]  # type: ignore[attr-defined]
