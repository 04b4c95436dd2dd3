"""Data races: two threads, one element, at least one plain write, and nothing between them.

Within a block, a barrier orders what stands before it against what stands after; the accesses in
between form an *interval*. Between blocks nothing orders anything until the kernel ends.

An interval with the same accesses as an earlier one (same offsets, patterns and masks) has the same
verdict, so that the interval of a loop is examined once.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.access import Entry
from mlc_ref.gpu_sim.errors import DataRace, Place
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.language import Text

Touched = tuple[np.ndarray, np.ndarray]
NOBODY = -1
SEVERAL = -2
_REDUCTION = Text(
    "This buffer and the code that uses it are TVM's own, made for a sum across threads; it takes these threads to be "
    "ordered, which is true only within a warp. No barrier of yours is missing: let the threads of the sum be at most 32 "
    "or a multiple of 32, and its elements wider than 8 bits.",
    "这个缓冲区和使用它的代码都由 TVM 自己生成，用于跨线程求和；TVM 默认这些线程有先后顺序，而这只在一个线程束内成立。"
    "你并没有漏掉屏障：请让参与求和的线程数不超过 32 或是 32 的倍数，元素也要宽于 8 位。",
)


def cells_and_lanes(entry: Entry) -> Touched:
    """Flat positions an entry touches, and the lane of each."""
    access, offset, pattern, mask = entry
    return access.memory.touched(offset, pattern, mask.active)


@dataclass
class IntervalChecker:
    """Finds races among the accesses of one barrier interval."""

    _fine: set[tuple[Entry, ...]] = field(default_factory=set)

    def check(self, interval: dict[Entry, None]) -> None:
        """Raises ``DataRace`` naming both accesses."""
        written = {entry[0].memory.origin: entry[0].memory for entry in interval if entry[0].kind != "load"}
        entries = tuple(e for e in interval if e[0].memory.origin in written)
        if not entries or entries in self._fine:
            return
        for origin, memory in written.items():
            _check_memory(memory, [e for e in entries if e[0].memory.origin is origin])
        self._fine.add(entries)


def _check_memory(memory: Memory, entries: list[Entry]) -> None:
    """Every element has at most one writer, and no reader but that one; atomic updates may share."""
    owner = np.full(memory.places, NOBODY, np.int32)
    for kind in ("store", "atomic", "load"):
        for entry in entries:
            if entry[0].kind != kind:
                continue
            cells, lanes = cells_and_lanes(entry)
            _compare(entry, cells, lanes, owner, entries)
            if kind == "store":
                owner[cells] = lanes
                _compare(entry, cells, lanes, owner, entries)
        if kind == "atomic":
            _claim_atomics(owner, entries)


def _claim_atomics(owner: np.ndarray, entries: list[Entry]) -> None:
    """Atomic updates do not race with each other, but a plain read of another lane does with them.

    An element that several lanes update belongs to none of them.
    """
    for entry in entries:
        if entry[0].kind == "atomic":
            cells, lanes = cells_and_lanes(entry)
            before = owner[cells]
            owner[cells] = np.where((before == NOBODY) | (before == lanes), lanes, SEVERAL)
            owner[cells[owner[cells] != lanes]] = SEVERAL


def _compare(entry: Entry, cells: np.ndarray, lanes: np.ndarray, owner: np.ndarray, entries: list[Entry]) -> None:
    foreign = (owner[cells] != NOBODY) & (owner[cells] != lanes)
    if foreign.any():
        at = int(np.flatnonzero(foreign)[0])
        raise _race(entry, int(cells[at]), int(lanes[at]), int(owner[cells[at]]), entries)


def _race(entry: Entry, cell: int, lane: int, other_lane: int, entries: list[Entry]) -> DataRace:
    """The error for two lanes that touch one cell; the other lane's write is looked up among ``entries``."""
    access, offset, pattern, _ = entry
    text = _did(entry, access.place(lane, offset, pattern).at(access.memory.index_at(cell)))
    for other in entries:
        if other[0].memory.origin is access.memory.origin and other[0].kind != "load":
            cells, lanes = cells_and_lanes(other)
            found = lanes[(cells == cell) & ((lanes == other_lane) | (other_lane == SEVERAL) & (lanes != lane))]
            if found.size:
                place = other[0].place(int(found[0]), other[1], other[2]).at(other[0].memory.index_at(cell))
                text = Text("{one}; unordered with: {other}", "{one}；与下面的访问没有先后顺序：{other}").format(
                    one=text, other=_did(other, place)
                )
                break
    return DataRace(text, _REDUCTION if access.memory.name.startswith("red_buf") else None)


_VERBS = {
    "load": Text("read by {place}", "读取：{place}"),
    "store": Text("write by {place}", "写入：{place}"),
    "atomic": Text("atomic update by {place}", "原子更新：{place}"),
}


def _did(entry: Entry, place: Place) -> Text:
    return _VERBS[entry[0].kind].format(place=place.text)


@dataclass
class GridChecker:
    """Finds races between blocks, over the whole kernel and all its passes.

    Keeps, for each element of a global buffer that the kernel writes, the block that wrote it and the
    lowest and the highest block that read it.
    """

    _owners: dict[Any, "BlockOwners"] = field(default_factory=dict)

    def add(self, entries: dict[Entry, None], first_block: int) -> None:
        """Take in the accesses of one pass, whose blocks are numbered from ``first_block``."""
        written = {e[0].memory.origin for e in entries if e[0].kind != "load"}
        for entry in entries:
            memory = entry[0].memory
            if memory.origin in written or memory.origin in self._owners:
                if memory.origin not in self._owners:
                    self._owners[memory.origin] = BlockOwners(memory.size)
                self._owners[memory.origin].add(entry, first_block)


class BlockOwners:
    """Which blocks touched each element of one global buffer.

    ``writer`` is the block that writes, ``SEVERAL`` where several update atomically; ``atomic`` says where
    nothing but atomic updates has happened.
    """

    def __init__(self, size: int):
        self.writer = np.full(size, NOBODY, np.int32)
        self.atomic = np.zeros(size, bool)
        self.lowest = np.full(size, np.iinfo(np.int32).max, np.int32)
        self.highest = np.full(size, NOBODY, np.int32)

    def add(self, entry: Entry, first_block: int) -> None:
        """Raises ``DataRace`` when two blocks meet at an element and one of them writes."""
        access = entry[0]
        cells, lanes = cells_and_lanes(entry)
        blocks = (lanes % access.machine.lanes.blocks + first_block).astype(np.int32)
        self._meet_writer(entry, cells, lanes, blocks)
        if access.kind == "load":
            order = np.argsort(blocks, kind="stable")
            cells, blocks = cells[order], blocks[order]
            self.highest[cells] = np.maximum(self.highest[cells], blocks)
            self.lowest[cells[::-1]] = np.minimum(self.lowest[cells], blocks)[::-1]
            return
        read = self.highest[cells]
        foreign = (read != NOBODY) & ((read != blocks) | (self.lowest[cells] != blocks))
        self._stop_at(entry, cells, lanes, foreign)
        if access.kind == "store":
            self.writer[cells] = blocks
            self.atomic[cells] = False
            self._meet_writer(entry, cells, lanes, blocks)
        else:
            self._update(cells, blocks)

    def _meet_writer(self, entry: Entry, cells: np.ndarray, lanes: np.ndarray, blocks: np.ndarray) -> None:
        foreign = (self.writer[cells] != NOBODY) & (self.writer[cells] != blocks)
        if entry[0].kind == "atomic":
            foreign &= ~self.atomic[cells]
        self._stop_at(entry, cells, lanes, foreign)

    def _update(self, cells: np.ndarray, blocks: np.ndarray) -> None:
        before = self.writer[cells]
        self.writer[cells] = np.where((before == NOBODY) | (before == blocks), blocks, SEVERAL)
        self.writer[cells[self.writer[cells] != blocks]] = SEVERAL
        self.atomic[cells] |= before == NOBODY

    def _stop_at(self, entry: Entry, cells: np.ndarray, lanes: np.ndarray, foreign: np.ndarray) -> None:
        if not foreign.any():
            return
        at = int(np.flatnonzero(foreign)[0])
        access, offset, pattern, _ = entry
        place = access.place(int(lanes[at]), offset, pattern).at(int(cells[at]))
        raise DataRace(
            Text(
                "{access}; another block touches this element too, and nothing orders blocks",
                "{access}；另一个线程块也访问这个元素，而线程块之间没有先后顺序",
            ).format(access=_did(entry, place))
        )
