"""Seconds of a program on a machine, before it runs: the core's instructions, and what the cache model moves at each level.

The prediction is a roofline with a roof for every level: the core and the memories work at once, and the slowest decides.
Within the core, loop nests follow one another, and the slowest part of each decides. The prediction is meant to put programs
in order. What it cannot know is listed in ``blindness``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlc_ref.cache_model.levels import level_traffic
from mlc_ref.checks.sites import Subject
from mlc_ref.kinds import takes
from mlc_ref.language import Text
from mlc_ref.performance_models.core_time import CoreTime, core_time
from mlc_ref.performance_models.machine import MEMORY, Machine

_PARTS = {
    "compute": Text("instructions that compute", "计算指令"),
    "accesses": Text("loads and stores", "读写指令"),
    "chains": Text("chains of dependent results", "前后依赖的结果链"),
    MEMORY: Text("bytes from and to memory", "与内存之间的字节"),
}
_BYTES = Text("bytes from and to {level}", "与 {level} 之间的字节")


@dataclass(frozen=True)
class Prediction:
    """What a machine is predicted to need for one run.

    Attributes:
        core: seconds of the core, with all data in its first cache.
        moving: seconds of each memory behind the first cache, by name.
        moved_bytes: the bytes behind ``moving``.
    """

    core: CoreTime
    moving: Mapping[str, float]
    moved_bytes: Mapping[str, int]

    @property
    def time(self) -> float:
        """Seconds of the slowest part."""
        return max(self.core.total, *self.moving.values())

    @property
    def parts(self) -> dict[str, float]:
        """Seconds of each part, of the core's for all nests together; in different nests different ones may be the slowest."""
        return {"compute": self.core.compute, "accesses": self.core.accesses, "chains": self.core.chains, **self.moving}

    @property
    def limited_by(self) -> Text:
        """The part that decides, in words: of the core, where it is slower than the memories, that which needs longest."""
        is_core = self.core.total >= max(self.moving.values(), default=0)
        parts = {name: each for name, each in self.parts.items() if (name not in self.moving) == is_core}
        name = max(parts, key=lambda each: parts[each])
        return _PARTS.get(name) or _BYTES.format(level=name)


@takes("IRModule", "PrimFunc", "Schedule")
def predict(subject: Subject, machine: Machine, *, warm: bool = True, entry: str = "main") -> Prediction:
    """Predict one run on one core.

    Args:
        subject: a TensorIR function of fixed sizes, small enough for the cache model: some millions of iterations.
        machine: its figures.
        warm: whether the run follows another with the same data, as where a program is timed again and again.

    Raises:
        ValueError: a size is symbolic, too many accesses, or a statement that the models do not know.
    """
    found = level_traffic(subject, machine.levels, warm=warm, entry=entry)
    sources = [*(level.name for level in machine.levels[1:]), MEMORY]
    moved = {name: level.moved_bytes for name, level in zip(sources, found, strict=True)}
    moving = machine.least_times(0, moved)
    del moving["compute"]
    return Prediction(core_time(subject, machine, entry=entry), moving, moved)
