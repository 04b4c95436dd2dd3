"""One access of the program: what is checked when it runs and what it costs.

An access is examined once for each combination of offset, index pattern and mask it runs with. The
next time the same combination comes up, only a counter moves.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.gpu_sim.counting import BANK_BYTES, BANKS, SECTOR, sectors, wavefronts
from mlc_ref.gpu_sim.errors import Misaligned, OutOfBounds, Place, SimulationError, UninitializedRead
from mlc_ref.gpu_sim.lanes import Lanes, Mask, Pattern
from mlc_ref.gpu_sim.memory import WIDEST, Memory
from mlc_ref.gpu_sim.options import Options
from mlc_ref.gpu_sim.result import SAMPLED, AccessSample
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.language import Text

Kind = Literal["load", "store", "atomic"]
_UNWRITTEN = Text("reads what nothing has written", "读取了从未写过的元素")
Entry = tuple["Access", int, Pattern, Mask]  # one run of an access: where, and for which lanes


class UnderWay(Protocol):
    """What an access needs of the asynchronous copies."""

    under_way: bool

    def check(self, entry: Entry) -> None: ...


class Pass(Protocol):
    """What an access needs of the machine that runs it."""

    name: str
    lanes: Lanes
    options: Options
    mask: Mask
    accesses: "list[Access]"
    interval: dict[Entry, None]
    tainted: np.ndarray | None
    taint_error: Callable[[np.ndarray], SimulationError] | None

    @property
    def copies(self) -> UnderWay: ...

    def raise_undefined(self, lanes: np.ndarray) -> None: ...

    def taint(self, lanes: np.ndarray | None) -> None: ...


@dataclass
class Seen:
    """What is known of one combination of offset, pattern and mask."""

    version: int
    undefined: np.ndarray | None
    times: int = 0


class Access:
    """A load, a store or an atomic update at one place of the program.

    ``by_element``: a vector whose elements the generated text accesses one after the other.
    """

    def __init__(self, machine: Pass, row: Row, memory: Memory, kind: Kind, *, by_element: bool = False):
        self.machine = machine
        self.row = row
        self.memory = memory
        self.kind = kind
        self.by_element = by_element
        self.logged = memory.logged and machine.options.races
        self._seen: dict[tuple[int, Pattern, Mask], Seen] = {}
        machine.accesses.append(self)

    def load(self, offset: int, pattern: Pattern) -> np.ndarray:
        """Read for the active lanes."""
        seen = self._touch(offset, pattern)
        if seen.undefined is not None:
            self._meet_undefined(seen.undefined, offset, pattern)
        return self.memory.read(offset, pattern)

    def store(self, offset: int, pattern: Pattern, value: Any) -> None:
        """Write for the active lanes."""
        machine = self.machine
        if machine.tainted is not None:
            self._store_tainted(offset, pattern, machine.tainted)
        else:
            self._touch(offset, pattern)
        self.memory.write(offset, pattern, machine.mask, value)

    def touch(self, offset: int, pattern: Pattern) -> None:
        """Check and count without moving data; matrix instructions move theirs themselves."""
        seen = self._touch(offset, pattern)
        if seen.undefined is not None:
            raise self.error(UninitializedRead, _UNWRITTEN, offset, pattern, seen.undefined)

    def _touch(self, offset: int, pattern: Pattern) -> Seen:
        key = (offset, pattern, self.machine.mask)
        seen = self._seen.get(key)
        if seen is None or seen.undefined is not None or seen.version != self.memory.version:
            seen = self._seen[key] = self._examine(*key, seen)
        seen.times += 1
        if self.logged:
            place = (self, *key)
            if self.machine.copies.under_way:
                self.machine.copies.check(place)
            self.machine.interval[place] = None
        return seen

    def _examine(self, offset: int, pattern: Pattern, mask: Mask, before: Seen | None) -> Seen:
        self._check_bounds(offset, pattern, mask)
        self._check_alignment(offset, pattern, mask)
        undefined = None
        if self.machine.options.uninitialized:
            if self.kind == "store":
                self.memory.define(offset, pattern, mask)
            else:
                undefined = self.memory.undefined(offset, pattern, mask)
        return Seen(self.memory.version, undefined, before.times if before else 0)

    def _check_bounds(self, offset: int, pattern: Pattern, mask: Mask) -> None:
        low, high = pattern.range(mask)
        size = self.memory.size
        if offset + low >= 0 and offset + high < size:
            return
        index = pattern.flat + offset
        outside = ((index < 0) | (index >= size)).any(0) & self.machine.lanes.full(mask.array)
        what = Text(f"index outside 0 to {size - 1}", f"下标不在 0 到 {size - 1} 之内")
        raise self.error(OutOfBounds, what, offset, pattern, outside)

    def _check_alignment(self, offset: int, pattern: Pattern, mask: Mask) -> None:
        width = 1 if self.by_element else pattern.width
        if width == 1 or width & (width - 1) or not pattern.contiguous or self.memory.scope == "local":
            return
        crooked = ((pattern.flat[0] + offset) % width != 0) & self.machine.lanes.full(mask.array)
        if crooked.any():
            what = Text(
                f"a vector of {width} must start at a multiple of {width}",
                f"宽度为 {width} 的向量必须从 {width} 的倍数开始",
            )
            raise self.error(Misaligned, what, offset, pattern, crooked)

    def _meet_undefined(self, lanes: np.ndarray, offset: int, pattern: Pattern) -> None:
        """An undefined register may be copied about; an undefined element of other memory may not be read."""
        machine = self.machine
        if self.memory.scope != "local":
            raise self.error(UninitializedRead, _UNWRITTEN, offset, pattern, lanes)
        machine.taint(lanes)
        what = Text("uses a register that nothing has written", "使用了从未写过的寄存器")
        machine.taint_error = lambda lanes: self.error(UninitializedRead, what, offset, pattern, lanes)

    def _store_tainted(self, offset: int, pattern: Pattern, lanes: np.ndarray) -> None:
        self.machine.tainted = None
        if self.memory.scope != "local":
            self.machine.raise_undefined(lanes)
        self._touch(offset, pattern)
        self.memory.define(offset, pattern, self.machine.mask, lanes)

    def error(
        self, kind: type[SimulationError], what: Text, offset: int, pattern: Pattern, lanes: np.ndarray
    ) -> SimulationError:
        """The error for the first of ``lanes`` (a flat array of bool)."""
        lane = int(np.flatnonzero(lanes)[0])
        place = self.place(lane, offset, pattern)
        return kind(Text("{what}: {place}", "{what}：{place}").format(what=what, place=place.text))

    def place(self, lane: int, offset: int, pattern: Pattern) -> Place:
        """Where the access of one lane stands; for a vector, its first element that is out of bounds or else its first."""
        indices = pattern.flat[:, lane] + offset
        outside = indices[(indices < 0) | (indices >= self.memory.size)]
        index = int(outside[0] if outside.size else indices[0])
        block, thread = self.machine.lanes.place(lane)
        return Place(self.machine.name, block, thread, self.memory.name, index, self.row.statement)

    def sample(self) -> AccessSample | None:
        """The access as it ran first; ``None`` if it never ran or costs nothing."""
        if not self._seen or not self.memory.logged:
            return None
        offset, pattern, mask = next(iter(self._seen))
        lanes = self.machine.lanes
        shown = max(1, min(lanes.blocks, SAMPLED // lanes.threads))
        indices = np.where(lanes.full(mask.array), pattern.flat[0] + offset, -1).reshape(lanes.threads, lanes.blocks)
        memory = self.memory
        return AccessSample(
            memory.name, memory.scope, self.kind, memory.data.itemsize, pattern.width, indices[:, :shown].T.copy()
        )

    def counters(self) -> Counters:
        """The cost of everything this access did."""
        if not self.memory.logged:
            return Counters()
        # The cost depends on where a pattern starts only within a sector, or within a row of banks.
        period = BANKS * BANK_BYTES if self.memory.shared else SECTOR
        times: dict[tuple[int, Pattern, Mask], int] = defaultdict(int)
        for (offset, pattern, mask), seen in self._seen.items():
            times[offset * self.memory.data.itemsize % period, pattern, mask] += seen.times
        return sum((self._cost(*key) * count for key, count in times.items()), Counters())

    def _cost(self, start: int, pattern: Pattern, mask: Mask) -> Counters:
        itemsize = self.memory.data.itemsize
        entries, active, blocks = pattern.by_warp(mask)
        vector = not self.by_element and pattern.contiguous and pattern.width & (pattern.width - 1) == 0
        step = max(1, WIDEST // itemsize) if vector else 1
        total = Counters()
        for first in range(0, pattern.width, step):
            width = min(step, pattern.width - first) * itemsize
            total = total + self._instruction(entries[first] * itemsize + start, active, width)
        return total * blocks

    def _instruction(self, addresses: np.ndarray, active: np.ndarray, width: int) -> Counters:
        requests = int(active.any(-1).sum())
        way = "load" if self.kind == "load" else "store"
        if self.memory.shared:
            conflicts = wavefronts(addresses, active, width, atomic=self.kind == "atomic")[1]
            return Counters(**{f"shared_{way}_requests": requests, f"shared_{way}_conflicts": conflicts})
        moved = sectors(addresses, active)
        return Counters(
            **{
                f"global_{way}_requests": requests,
                f"global_{way}_sectors": moved,
                f"global_{way}_bytes": moved * SECTOR,
            }
        )
