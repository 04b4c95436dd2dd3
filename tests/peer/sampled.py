"""MetaSchedule's spaces: schedules sampled from them run on the simulator, beside the unscheduled function on the CPU.

``install`` looks at every space that a test generates for CUDA, at every trace that is applied to another function, and
makes small ones of the functions that are large. The test itself sees nothing of it.
"""

from functools import partial
from typing import Any

import tvm
import tvm_ffi
from tvm.s_tir import Schedule
from tvm.s_tir import meta_schedule as ms
from tvm.s_tir.meta_schedule.testing import te_workload
from tvm.s_tir.schedule import Trace
from tvm.te import create_prim_func

from tests.peer.device import Simulated
from tests.peer.scheduled import compare

SAMPLES = 2  # schedules of each sketch
TRIES = 24  # decisions drawn until one passes MetaSchedule's own postprocessors
# Of every GPU the course knows; MetaSchedule's postprocessors want them, and not every target of a test says them.
LIMITS = {"max_threads_per_block": 1024, "max_shared_memory_per_block": 48 * 1024}
# What TVM's workloads have as sizes here, of the same structure: strides, padding, dilation and groups are its own.
SMALLER: dict[str, tuple[int, ...]] = {
    "C1D": (1, 64, 32, 32, 3, 2, 1),
    "C2D": (1, 32, 32, 3, 32, 7, 2, 3),
    "C3D": (1, 4, 16, 16, 3, 16, 7, 2, 3),
    "CAP": (1, 8, 8, 8, 8, 3, 2, 1),
    "CBR": (1, 32, 32, 3, 32, 7, 2, 3),
    "DEP": (1, 28, 28, 32, 3, 1, 1),
    "DIL": (1, 32, 32, 3, 32, 7, 2, 3, 2),
    "GMM": (1, 64, 64, 64),
    "GRP": (1, 14, 14, 32, 64, 3, 2, 1, 1, 4),
    "NRM": (1, 64, 64),
    "SFM": (64, 64),
    "T2D": (1, 4, 4, 64, 32, 4, 2, 1),
    "TBG": (1, 32, 4, 32),
}


def install(device: Simulated) -> None:
    """Sample from each space and compare, until the process ends."""
    small: dict[int, Any] = {}  # by the hash of the function that a test asks for
    create, generate = te_workload.create_te_workload, ms.TuneContext.generate_design_space
    apply_trace = ms.trace_apply.schedule_using_anchor_trace

    def create_and_remember(name: str, number: int) -> Any:
        func = create(name, number)
        small[_hash(func)] = create_prim_func(te_workload.CONFIGS[name][0](*SMALLER[name]))
        return func

    def generate_and_sample(context: Any) -> Any:
        if context.target is not None and context.target.kind.name == "cuda":
            func = context.mod["main"]
            sample(device, context, small.get(_hash(func), func), generate)
        return generate(context)

    def apply_and_compare(schedule: Any, trace: Any, target: Any) -> None:
        before = schedule.mod["main"]
        apply_trace(schedule, trace, target)
        if target.kind.name == "cuda":
            finished = finish(schedule.copy(), _context(schedule.mod, _limited(target), _kind([schedule])))
            if finished is not None:
                device.guarded(lambda: compare(device, before, finished.mod["main"], target))

    te_workload.create_te_workload = create_and_remember
    ms.TuneContext.generate_design_space = generate_and_sample
    ms.trace_apply.schedule_using_anchor_trace = apply_and_compare


def sample(device: Simulated, context: Any, func: Any, generate: Any) -> None:
    """Compare schedules of a function, drawn from the space of a context's rules."""
    mod = tvm.IRModule({"main": func})
    rules = [rule.clone() for rule in context.space_generator.sch_rules or ms.ScheduleRule.create("cuda")]
    space = ms.space_generator.PostOrderApply(sch_rules=rules, postprocs=[], mutator_probs={})
    target = _limited(context.target)
    sketches = generate(ms.TuneContext(mod, target=target, space_generator=space, task_name="sample"))
    ending = _context(mod, target, _kind(sketches))
    for number, sketch in enumerate(sketches):
        found = _draws(mod, sketch, ending, seed=1 + number * TRIES)
        if not found:
            device.record.unbuilt.append("no sampled schedule passes MetaSchedule's postprocessors")
        for schedule in found:
            device.guarded(partial(compare, device, func, schedule.mod["main"], target))


def _draws(mod: Any, sketch: Any, ending: Any, seed: int) -> list[Any]:
    """Up to ``SAMPLES`` schedules of a sketch, with decisions drawn anew, as MetaSchedule would measure them."""
    found: list[Any] = []
    for draw in range(TRIES):
        schedule = Schedule(mod, seed=seed + draw)
        Trace(sketch.trace.insts, {}).apply_to_schedule(schedule, remove_postproc=True)
        if finish(schedule, ending) is not None:
            found.append(schedule)
        if len(found) == SAMPLES:
            break
    return found


def finish(schedule: Any, context: Any) -> Any | None:
    """The schedule after MetaSchedule's postprocessors; ``None`` where one of them rejects it."""
    passed = all(one.apply(schedule) for one in context.space_generator.postprocs)
    return schedule if passed else None


def _context(mod: Any, target: Any, kind: str) -> Any:
    space = ms.space_generator.PostOrderApply(sch_rules=[], postprocs=kind, mutator_probs={})
    return ms.TuneContext(mod, target=target, space_generator=space, task_name="finish")


def _kind(schedules: Any) -> str:
    """Which postprocessors belong to schedules: with Tensor Core intrinsics, those that put them in."""
    tensorized = any("meta_schedule.auto_tensorize" in str(one.trace) for one in schedules)
    return "cuda-tensorcore" if tensorized else "cuda"


def _hash(func: Any) -> int:
    return int(tvm_ffi.structural_hash(func.without_attr("global_symbol")))


def _limited(target: Any) -> Any:
    """The target, with what MetaSchedule needs to know of a GPU."""
    return tvm.target.Target({**LIMITS, **target.export()})
