"""Asynchronous copies from global to shared memory: ``cp.async``, its groups, and waiting for them.

A copy is under way from where it is issued to where its thread waits for its group. What it writes may
not be touched until then, by any thread; after it, other threads need a barrier as after any store. A
thread's copies since its last commit are a group; a wait for all but ``n`` groups leaves the last ``n``
under way (PTX ISA, "cp.async.commit_group", "cp.async.wait_group").
"""

from typing import Any

import numpy as np

from mlc_ref.gpu_sim.access import Entry
from mlc_ref.gpu_sim.errors import DataRace
from mlc_ref.gpu_sim.races import cells_and_lanes
from mlc_ref.language import Text


class Copies:
    """The copies of one pass that are under way.

    Attributes:
        open: those of no group yet.
        groups: the others, the oldest group first.
        under_way: whether any copy has been issued.
    """

    def __init__(self) -> None:
        self.open: list[Entry] = []
        self.groups: list[list[Entry]] = []
        self.under_way = False
        self._writers: dict[Any, np.ndarray] = {}

    def entries(self) -> list[Entry]:
        return [entry for group in (*self.groups, self.open) for entry in group]

    def issue(self, entry: Entry) -> None:
        self.open.append(entry)
        self.under_way = True
        self._mark(entry, 1)

    def commit(self) -> None:
        self.groups.append(self.open)
        self.open = []

    def wait(self, left: int) -> None:
        """Until no more than the last ``left`` groups are under way."""
        done = max(0, len(self.groups) - left)
        for group in self.groups[:done]:
            for entry in group:
                self._mark(entry, -1)
        self.groups = self.groups[done:]

    def _mark(self, entry: Entry, by: int) -> None:
        memory = entry[0].memory
        writers = self._writers.setdefault(memory.origin, np.zeros(memory.places, np.int32))
        np.add.at(writers, cells_and_lanes(entry)[0], by)

    def check(self, entry: Entry) -> None:
        """Raises ``DataRace`` if an access touches what a copy is about to write."""
        access, offset, pattern, _ = entry
        writers = self._writers.get(access.memory.origin)
        if writers is None:
            return
        cells, lanes = cells_and_lanes(entry)
        busy = writers[cells] > 0
        if busy.any():
            at = int(np.flatnonzero(busy)[0])
            place = access.place(int(lanes[at]), offset, pattern).at(access.memory.index_at(int(cells[at])))
            raise DataRace(
                Text(
                    "{kind} by {place}; an asynchronous copy to it is under way, and nothing waited for it",
                    "{kind}：{place}；正在向它做异步复制，而没有等待复制完成",
                ).format(kind=access.kind, place=place.text)
            )
