"""The lab of a search: many schedules drawn from a space, tried one after the other on the reader's own GPU.

The page chooses which to measure; what it needs to know of each (its features, and whether WebGPU can run it) is
computed here, from the artefact and the simulator.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim import Counters, simulate
from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.viz.widget import Widget, both
from mlc_ref.webgpu.artefact import Artefact
from mlc_ref.webgpu.compiling import TOLERANCE, compile_kernels, inputs_of, made_by, with_reference
from mlc_ref.webgpu.labs import NEEDS_SCRIPTS, Measure, agreeing, body_of, pack, recorded, said_of
from mlc_ref.webgpu.limits import Unsupported
from mlc_ref.webgpu.reference import Reference

if TYPE_CHECKING:
    from tvm.s_tir import Schedule

FEATURES = {
    "threads": Text("threads a block", "每个线程块的线程数"),
    "blocks": Text("blocks", "线程块数"),
    "outputs": Text("results a thread", "每个线程的结果数"),
    "requests": Text("global load requests", "全局内存加载请求"),
    "sectors": Text("pieces of memory a request", "每个请求的内存块数"),
    "shared_requests": Text("shared load requests", "共享内存加载请求"),
    "conflicts": Text("bank conflicts", "存储体冲突"),
    "barriers": Text("barriers", "屏障"),
    "shared": Text("shared bytes a block", "每个线程块的共享内存字节"),
    "local": Text("register bytes a thread", "每个线程的寄存器字节"),
    "lines": Text("lines of WGSL", "WGSL 的行数"),
}
"""What the page's model sees of a schedule, in order: each number x as log2(1 + x)."""


@dataclass(frozen=True)
class Drawn:
    """One point of a space.

    Attributes:
        name: its decisions as text; no two points of a lab have the same.
        artefact: None where WebGPU cannot run it.
        problem: why not; None where it can.
    """

    name: str
    schedule: "Schedule"
    artefact: Artefact | None
    problem: Text | None = None


def drawn(name: str, sch: "Schedule") -> Drawn:
    """A schedule compiled, or the reason why it cannot run in a page."""
    try:
        return Drawn(name, sch, compile_kernels(sch, name))
    except Unsupported as error:
        return Drawn(name, sch, None, error.text)


def search(
    lab: str,
    schedules: Mapping[str, "Schedule"],
    expected: Callable[..., np.ndarray],
    measure: Measure,
    *,
    oracle: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
) -> Widget:
    """The lab of a search among schedules of one program.

    Args:
        lab, expected, measure, oracle, tolerance: as for ``labs.ladder``.
        schedules: points of a space, by their decisions; those WebGPU cannot run are kept, counted and never run.

    Raises:
        ValueError: no point can run, or the simulator computes something else than ``expected``.
        SimulationError: a schedule that is wrong.
    """
    points = [drawn(name, sch) for name, sch in schedules.items()]
    valid = [point.artefact for point in points if point.artefact]
    if not valid:
        got = Text(f"{len(points)} of which WebGPU can run none", f"{len(points)} 个，WebGPU 一个也不能运行")
        raise ValueError(refused("schedules", got, Text("one at least", "至少一个"), points[0].problem))
    _, inputs = inputs_of(valid[0])
    reference = with_reference(valid[0], [np.asarray(expected(*inputs))], tolerance=tolerance).reference
    assert reference is not None

    data: dict[str, Any] = {
        "lab": lab,
        "unit": measure.unit,
        "work": measure.work,
        "oracle": oracle,
        "valid": len(valid),
        "drawn": len(points),
        "features": list(FEATURES.values()),
        "recorded": recorded(lab, [artefact.name for artefact in valid]),
        "packed": pack(_packed(points, reference, inputs)),
    }
    return Widget("webgpu_search", data, _summary(len(points), len(valid)) + said_of(data["recorded"]), height=640)


def _packed(points: Sequence[Drawn], reference: Reference, inputs: Sequence[np.ndarray]) -> dict[str, Any]:
    """What the page needs when the reader presses run; like texts stand together, since they compress best so."""
    valid = [(point, point.artefact) for point in points if point.artefact]
    described = {}
    for point, artefact in valid:
        simulation = simulate(point.schedule.mod, inputs, made_by(artefact))
        agreeing(point.name, reference, simulation.outputs)
        described[point.name] = features(artefact, simulation.counters)
    return {
        "points": [
            {"name": p.name, "features": described[p.name]} if p.artefact else {"name": p.name, "problem": True}
            for p in points
        ],
        "artefacts": {artefact.name: artefact.to_dict() for _, artefact in valid},
        "scripts": {point.name: body_of(point.schedule.mod) for point, _ in valid},
        "traces": {point.name: str(point.schedule.trace) for point, _ in valid},
        "reference": reference.to_dict(),
    }


def features(artefact: Artefact, counters: Counters) -> list[float]:
    """One number for each of ``FEATURES``, of an artefact with one kernel."""
    (launch,) = artefact.launches
    kernel = artefact.kernels[launch.kernel]
    threads, blocks = math.prod(kernel.block), math.prod(launch.grid)
    outputs = sum(artefact.tensors[i].elements for i in artefact.with_role("output"))
    values = {
        "threads": threads,
        "blocks": blocks,
        "outputs": outputs / (threads * blocks),
        "requests": counters.global_load_requests,
        "sectors": counters.global_load_sectors / max(counters.global_load_requests, 1),
        "shared_requests": counters.shared_load_requests,
        "conflicts": counters.shared_load_conflicts + counters.shared_store_conflicts,
        "barriers": counters.barriers,
        "shared": counters.shared_bytes_per_block,
        "local": counters.local_bytes_per_thread,
        "lines": kernel.wgsl.count("\n"),
    }
    return [round(math.log2(1 + values[name]), 3) for name in FEATURES]


def _summary(count: int, valid: int) -> str:
    said = Text(
        "{count} schedules were drawn; WebGPU can run {valid} of them.",
        "采样了 {count} 个调度，其中 {valid} 个能在 WebGPU 上运行。",
    ).format(count=count, valid=valid)
    return both(NEEDS_SCRIPTS, "p") + both(said, "p")
