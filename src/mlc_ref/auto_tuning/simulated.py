"""A cost computed from the schedule alone: exact, the same everywhere, and free of noise.

Searches can be tried and tested on it without measuring anything. It is a caricature of a CPU with the
features that matter to the choice of tiles: vectors of a width, a cache of a size, a few threads, and
work that has to be shared out.
"""

import math
from dataclasses import dataclass

from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.nests import Nest, main_nest


@dataclass(frozen=True)
class SimulatedCpu:
    """The machine of the caricature; costs are in cycles."""

    lanes: int = 8
    cache_lines: int = 512
    line_cost: float = 8.0
    loop_cost: float = 1.0
    threads: int = 4
    launch_cost: float = 200.0

    def __call__(self, sch: Schedule) -> float:
        """Cycles of one run of a schedule's main nest: see ``cost``."""
        return self.cost(main_nest(sch))

    def cost(self, nest: Nest) -> float:
        """Cycles of one run of a nest: arithmetic, loops, lines that the cache misses, threads."""
        cycles = self.arithmetic(nest) + self.memory(nest)
        tasks = nest.extent_of("parallel")
        if tasks == 1:
            return cycles
        rounds = math.ceil(tasks / self.threads)
        return cycles / tasks * rounds + self.launch_cost

    def arithmetic(self, nest: Nest) -> float:
        """Vector instructions, and the cost of a loop step for each iteration that is not unrolled."""
        lanes = nest.extent_of("vectorized")
        instructions = nest.iterations / lanes * math.ceil(lanes / self.lanes)
        steps = nest.iterations / lanes / nest.extent_of("unrolled")
        return instructions + self.loop_cost * steps

    def memory(self, nest: Nest) -> float:
        """Lines fetched: a set of loops that fits the cache fetches what it touches once each time it runs."""
        moved = [access for access in nest.accesses if access.scope != "local"]
        for depth in range(len(nest.levels) + 1):
            touched = sum(nest.lines(access, depth) for access in moved)
            if touched <= self.cache_lines:
                return self.line_cost * touched * nest.outer_iterations(depth)
        return self.line_cost * len(moved) * nest.iterations
