"""What the loops around a block touch: the facts from which costs and features are computed."""

import math
from dataclasses import dataclass

from tvm import tirx
from tvm.s_tir import Schedule

from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import kind_of, loops_of
from mlc_ref.checks.sites import Site, reducing, select, sites
from mlc_ref.kinds import invalid, takes

LINE_ELEMENTS = 16


@dataclass(frozen=True)
class Level:
    """One loop: its extent, its kind, and the block axes it moves."""

    extent: int
    kind: str
    axes: frozenset[int]


@dataclass(frozen=True)
class Access:
    """A buffer a block touches: for each dimension the block axis that indexes it, ``None`` for anything else."""

    name: str
    scope: str
    axes: tuple[int | None, ...]


@dataclass(frozen=True)
class Nest:
    """The loops around one block, outermost first, and what the block touches."""

    levels: tuple[Level, ...]
    accesses: tuple[Access, ...]

    @property
    def iterations(self) -> int:
        return math.prod(level.extent for level in self.levels)

    def extent_of(self, kind: str) -> int:
        """Iterations of all loops of a kind together."""
        return math.prod(level.extent for level in self.levels if level.kind == kind)

    def lines(self, access: Access, depth: int) -> int:
        """Cache lines of a buffer that the loops from ``depth`` inwards touch (16 elements a line)."""
        spans = [self._span(axis, depth) for axis in access.axes]
        return math.prod(spans[:-1]) * math.ceil(spans[-1] / LINE_ELEMENTS) if spans else 1

    def _span(self, axis: int | None, depth: int) -> int:
        return math.prod(level.extent for level in self.levels[depth:] if axis in level.axes)

    def outer_iterations(self, depth: int) -> int:
        """How often the loops from ``depth`` inwards run as a whole."""
        return math.prod(level.extent for level in self.levels[:depth])


@takes("Schedule")
def main_nest(sch: Schedule) -> Nest:
    """The nest of the block that does the most: the last one with a reduction axis, or else the last one."""
    everything = sites(sch)
    reductions = select(sch, reducing) if any("R" in site.kinds for site in everything) else []
    return nest_of((reductions or everything)[-1])


def nest_of(site: Site) -> Nest:
    """The facts about one block.

    Raises:
        ValueError: a loop's extent is not fixed.
    """
    levels = tuple(_level(site, loop) for loop in loops_of(site))
    position = {axis.var: i for i, axis in enumerate(site.block.iter_vars)}
    regions = {str(r.source.name): r for r in (*site.block.reads, *site.block.writes)}
    accesses = tuple(
        Access(name, region.source.scope(), tuple(position.get(_variable(r.min)) for r in region.region))
        for name, region in regions.items()
    )
    return Nest(levels, accesses)


def _variable(expr: object) -> object:
    return expr if isinstance(expr, tirx.Var) else None


def _level(site: Site, loop: tirx.For) -> Level:
    extent = constant(loop.extent)
    if extent is None:
        raise invalid(
            f"loop {loop.loop_var.name}: got extent {loop.extent}, allowed a number",
            f"循环 {loop.loop_var.name}：得到长度 {loop.extent}，允许的是数字",
        )
    return Level(extent, kind_of(loop), frozenset(site.movement(loop)))
