"""A machine as the models see it: how fast it computes, and how fast and how late each of its memories answers.

Everything is a number that a reader may change: ``replace(machine, gflops=100)``, ``machine.with_level("L2", ways=4)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from mlc_ref.cache_model.levels import CacheLevel
from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.viz.roofline import Machine as Roof

_POSITIVE = Text("numbers above 0", "大于 0 的数")
_LEVEL = Text("level", "层级")
_LEVELS = Text("levels", "缓存层级")
_GROWING = Text("caches of growing size with lines of one size, at least one", "至少一级缓存，容量递增，缓存行大小相同")
MEMORY = "memory"


@dataclass(frozen=True)
class Level(CacheLevel):
    """A cache and how quickly it answers.

    Attributes:
        gbytes: 10**9 bytes a second that one core reads from it.
        latency_ns: nanoseconds until a line that is there can be used.

    Raises:
        ValueError: a figure that is not above 0, or sizes that do not fit together.
    """

    gbytes: float = 1.0
    latency_ns: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_positive(self, "gbytes", "latency_ns")


@dataclass(frozen=True)
class Machine:
    """One core of a machine, what it shares, and how many there are.

    Attributes:
        name: shown in pictures.
        gflops: 10**9 floating-point operations a second of one core, on vectors, a multiply-add as two.
        lanes: float32 elements of a vector.
        fma_ns: nanoseconds until the result of a multiply-add can be used by the next one.
        levels: the caches, nearest first.
        gbytes, latency_ns: of memory, as one core sees it.
        cores: how many.

    Raises:
        ValueError: a figure that is not above 0, or levels that are no hierarchy.
    """

    name: Text
    gflops: float
    lanes: int
    fma_ns: float
    levels: tuple[Level, ...]
    gbytes: float
    latency_ns: float
    cores: int = 1

    def __post_init__(self) -> None:
        _require_positive(self, "gflops", "lanes", "fma_ns", "gbytes", "latency_ns", "cores")
        sizes = [level.size_bytes for level in self.levels]
        if not sizes or sizes != sorted(set(sizes)) or len({level.line_bytes for level in self.levels}) > 1:
            got = ", ".join(f"{level.name} {level.size_bytes}" for level in self.levels) or "()"
            raise ValueError(refused(_LEVELS, got, _GROWING))

    def with_level(self, name: str, **changes: Any) -> "Machine":
        """This machine with one level changed.

        Args:
            name: of the level, such as ``L2``.
            changes: new values of its attributes.

        Raises:
            ValueError: there is no such level.
        """
        self.level(name)
        return replace(self, levels=tuple(replace(e, **changes) if e.name == name else e for e in self.levels))

    def level(self, name: str) -> Level:
        """The cache of that name.

        Raises:
            ValueError: there is none.
        """
        found = {each.name: each for each in self.levels}
        if name not in found:
            raise ValueError(refused(_LEVEL, repr(name), ", ".join(found)))
        return found[name]

    @property
    def line_bytes(self) -> int:
        """Bytes of a cache line."""
        return self.levels[0].line_bytes

    @property
    def vector_bytes(self) -> int:
        """Bytes of a vector of float32."""
        return 4 * self.lanes

    @property
    def bandwidths(self) -> dict[str, float]:
        """10**9 bytes a second from each memory, nearest first: the caches by name, then ``memory``."""
        return {**{level.name: level.gbytes for level in self.levels}, MEMORY: self.gbytes}

    @property
    def latencies(self) -> dict[str, float]:
        """Nanoseconds until a line of each memory can be used, nearest first."""
        return {**{level.name: level.latency_ns for level in self.levels}, MEMORY: self.latency_ns}

    def roof(self, source: str = MEMORY) -> Roof:
        """The two figures of the roofline of one core whose data come from ``source``, for ``viz.roofline``.

        Raises:
            ValueError: there is no such memory.
        """
        if source not in self.bandwidths:
            raise ValueError(refused(_LEVEL, repr(source), ", ".join(self.bandwidths)))
        return Roof(self.name, "cpu", self.gflops, self.bandwidths[source])

    def least_times(self, operations: float, moved_bytes: Mapping[str, float]) -> dict[str, float]:
        """The least seconds that each part of one core needs; the largest is the roofline's bound.

        Args:
            operations: floating-point, on full vectors.
            moved_bytes: bytes that come from, or go to, each memory by name.

        Raises:
            ValueError: there is no such memory.
        """
        if unknown := [name for name in moved_bytes if name not in self.bandwidths]:
            raise ValueError(refused(_LEVEL, repr(unknown[0]), ", ".join(self.bandwidths)))
        moving = {name: count / self.bandwidths[name] / 1e9 for name, count in moved_bytes.items()}
        return {"compute": operations / self.gflops / 1e9, **moving}


def _require_positive(owner: Any, *names: str) -> None:
    known = {field.name for field in fields(owner)}
    for name in names:
        if name in known and not getattr(owner, name) > 0:
            raise ValueError(refused(name, getattr(owner, name), _POSITIVE))


EXAMPLE = Machine(
    Text("a core as in a laptop, round figures", "笔记本电脑的一个核心（取整的数字）"),
    gflops=100,
    lanes=8,
    fma_ns=1.0,
    levels=(
        Level("L1", 32 << 10, 8, gbytes=200, latency_ns=1),
        Level("L2", 1 << 20, 8, gbytes=80, latency_ns=4),
        Level("L3", 16 << 20, 16, gbytes=30, latency_ns=15),
    ),
    gbytes=10,
    latency_ns=100,
    cores=4,
)
"""Round figures to reason with; ``measuring.measured_machine`` gives those of the reader's machine."""
