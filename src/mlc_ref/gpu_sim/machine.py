"""The state of one pass: which lanes are active, what is in memory, what was counted."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim.copy_groups import Copies
from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.gpu_sim.errors import BarrierDivergence, Place, SimulationError, StepLimit, Unsupported
from mlc_ref.gpu_sim.lanes import Lanes, Mask
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.options import Options
from mlc_ref.gpu_sim.races import IntervalChecker
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.language import Text

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.access import Access, Entry
    from mlc_ref.gpu_sim.result import AccessSample


class Machine:
    """Runs one pass of one kernel; expressions and statements are closures over it.

    Attributes:
        mask: the lanes that execute now.
        tainted: lanes whose current expression depends on an undefined register, flat; ``None`` if none do.
        memories: by buffer variable.
        bindings: ``let`` variables that stand for pure expressions.
        interval: the accesses since the last barrier.
        copies: asynchronous copies that nothing has waited for.
    """

    def __init__(self, name: str, lanes: Lanes, options: Options, steps: int = 0):
        self.name = name
        self.lanes = lanes
        self.options = options
        self.mask = lanes.all
        self.memories: dict[Any, Memory] = {}
        self.bindings: dict[Any, Any] = {}
        self.rows: list[Row] = []
        self.accesses: list[Access] = []
        self.steps = steps
        self.tainted: np.ndarray | None = None
        self.taint_error: Callable[[np.ndarray], SimulationError] | None = None
        self.interval: dict[Entry, None] = {}
        self.grid_log: dict[Entry, None] = {}
        self.copies = Copies()
        self._races = IntervalChecker()
        self._splits: dict[tuple[Mask, Mask], int] = {}

    def row(self, stmt: Any) -> Row:
        """A new row of the per-statement table."""
        self.rows.append(Row(stmt))
        return self.rows[-1]

    def step(self, row: Row) -> None:
        """Count one statement.

        Raises:
            StepLimit: more statements than the options allow.
        """
        self.steps += 1
        if self.steps > self.options.step_limit:
            limit = self.options.step_limit
            raise StepLimit(
                Text(
                    "kernel {kernel}: more than {limit} statements, stopped at statement: {statement}",
                    "内核 {kernel}：语句数超过 {limit}，停在语句：{statement}",
                ).format(kernel=self.name, limit=limit, statement=row.statement)
            )

    def count_flops(self, row: Row, flops: int) -> None:
        """That many floating-point operations in each active lane."""
        if flops:
            row.events["flops", self.mask] += flops

    def memory(self, variable: Any) -> Memory:
        """The memory a buffer variable names."""
        found = self.memories.get(variable)
        if found is None:
            raise Unsupported(
                Text(
                    f"kernel {self.name}: buffer {variable} has no memory the simulator knows of",
                    f"内核 {self.name}：模拟器不知道缓冲区 {variable} 位于哪块内存",
                )
            )
        return found

    def raise_undefined(self, lanes: np.ndarray) -> None:
        """Stop because an undefined register decides something that can be seen."""
        assert self.taint_error is not None
        raise self.taint_error(lanes)

    def taint(self, lanes: np.ndarray | None) -> None:
        """The current expression depends on an undefined register in these lanes, if in any."""
        if lanes is not None:
            self.tainted = lanes if self.tainted is None else self.tainted | lanes

    def require_defined(self) -> None:
        """Stop if the expression just evaluated depends on an undefined register."""
        if self.tainted is not None:
            lanes, self.tainted = self.tainted, None
            self.raise_undefined(lanes)

    def branch(self, row: Row, before: Mask, taken: Mask) -> None:
        """Count the warps of which some active lanes take a branch and others do not."""
        if before is taken or taken.empty:
            return
        key = (before, taken)
        if key not in self._splits:
            some = taken.by_warp.any(-1)
            self._splits[key] = int((some & (before.by_warp & ~taken.by_warp).any(-1)).sum())
        if self._splits[key]:
            row.events["divergent_branches", self.lanes.all] += self._splits[key]

    def barrier(self, row: Row) -> None:
        """``__syncthreads``: every thread of a block, or none of it, must be here.

        Raises:
            BarrierDivergence: naming a thread that is missing.
        """
        active = self.mask.by_block
        some, every = active.any(0), active.all(0)
        if not np.array_equal(some, every):
            block = int(np.flatnonzero(some & ~every)[0])
            self._missing(row, block, int(np.flatnonzero(~active[:, block])[0]))
        row.events["barriers", self.mask] += 1
        self.end_interval()
        if not self.mask.full:
            self._keep_others()

    def _missing(self, row: Row, block: int, thread: int) -> None:
        at_block, at_thread = self.lanes.place(thread * self.lanes.blocks + block)
        present = int(self.mask.by_block[:, block].sum())
        place = Place(self.name, at_block, at_thread, "none", 0, row.statement)
        raise BarrierDivergence(
            Text(
                "only {present} of {threads} threads reach the barrier; missing is the thread of: {place}",
                "{threads} 个线程中只有 {present} 个到达屏障；没有到达的线程：{place}",
            ).format(present=present, threads=self.lanes.threads, place=place.text)
        )

    def end_interval(self) -> None:
        """Check what happened since the last barrier and start anew."""
        if not self.options.races:
            return
        self._last = self.interval
        self._races.check(self.interval)
        for entry in self.interval:
            if entry[0].memory.scope == "global":
                self.grid_log[entry] = None
        self.interval = dict.fromkeys(self.copies.entries())

    def _keep_others(self) -> None:
        """For blocks that did not take part in a barrier, the interval goes on."""
        if not self.options.races:
            return
        others = self.mask.inverse
        for access, offset, pattern, mask in self._last:
            rest = mask.meet(others)
            if not rest.empty:
                self.interval[access, offset, pattern, rest] = None

    def finish(self) -> None:
        """Check the last interval."""
        self.end_interval()

    def counters_by_row(self) -> dict[Row, Counters]:
        """What each statement cost."""
        totals = {row: _events(row) for row in self.rows}
        for access in self.accesses:
            totals[access.row] = totals[access.row] + access.counters()
        return totals

    def samples_by_row(self) -> "dict[Row, list[AccessSample]]":
        """The accesses of each statement as they ran first."""
        samples: dict[Row, list[AccessSample]] = {row: [] for row in self.rows}
        for access in self.accesses:
            sample = access.sample()
            if sample is not None:
                samples[access.row].append(sample)
        return samples

    def sizes(self) -> Counters:
        """Shared memory of a block and private memory of a thread, in bytes."""
        shared = local = 0
        for memory in {memory.origin: memory for memory in reversed(self.memories.values())}.values():
            size = memory.size * memory.data.itemsize
            if memory.shared:
                shared += size
            elif memory.scope == "local":
                local += size
            elif memory.scope != "global":
                local += -(-size // 32)
        return Counters(shared_bytes_per_block=shared, local_bytes_per_thread=local)


def _events(row: Row) -> Counters:
    """Events counted once for each lane, warp or block of a mask, turned into numbers."""
    sums: Counter[str] = Counter()
    for (name, mask), times in row.events.items():
        if name == "flops":
            sums[name] += times * mask.count
        elif name == "barriers":
            sums[name] += times * int(mask.by_block.any(0).sum())
        elif name == "divergent_branches":
            sums[name] += times
        else:
            sums[name] += times * mask.warp_count
    return Counters(**sums)
