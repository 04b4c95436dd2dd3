"""Figures of the models, computed from programs, counts and machines; ``chapters/figures`` draws them for the course's own."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mlc_ref.cache_model.levels import CacheLevel
from mlc_ref.cache_model.reuse import ReuseHistogram
from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.performance_models.laws import issue_cycles
from mlc_ref.performance_models.machine import Machine
from mlc_ref.viz.board import Board, Kind

_POINTS = Text("at least one point with figures above 0", "至少一个点，且数值大于 0")
_INTENSITY = Text("operations a byte", "每字节运算次数")
_RATE = Text("GFLOP/s", "GFLOP/s")
_FROM = Text("from {source}, {gbytes:g} GB/s", "来自 {source}，{gbytes:g} GB/s")
_PEAK = Text("peak, {gflops:g} GFLOP/s", "峰值 {gflops:g} GFLOP/s")
_MEMORY = Text("memory", "内存")
_LABEL_AT = 0.55  # of a roof's length, from its foot
_DISTANCE = Text("reuse distance, in lines", "重用距离（缓存行数）")
_SHARE = Text("share of the accesses", "占访问次数的比例")
_FIRST = Text("first", "首次")
_HOLDS = Text("{name} holds {lines} lines", "{name} 容纳 {lines} 行")
_SETS = Text("sets 0 to {last}", "第 0 至 {last} 组")
_WAYS = Text("{ways} ways", "{ways} 路")
_FULLEST = Text("most lines of one set: {lines}", "一组最多 {lines} 行")
_SUMS = Text("{accumulators} accumulators: {cycles} cycles", "{accumulators} 个累加器：{cycles} 个周期")
_SUM = Text("1 accumulator: {cycles} cycles", "1 个累加器：{cycles} 个周期")
_CYCLES = Text("time, in cycles", "时间（周期）")
_PREDICTED, _MEASURED = Text("predicted", "预测"), Text("measured", "实测")
_MICROSECONDS = Text("{value} µs", "{value} µs")
_RHO = Text("Spearman's rank correlation: {value:.2f}", "斯皮尔曼等级相关系数：{value:.2f}")


@dataclass(frozen=True)
class Point:
    """A program on a roofline.

    Attributes:
        name: written beside it.
        intensity: operations a byte.
        gflops: 10**9 operations a second, measured or bound.
        kind: its colour.
        below: whether the name stands below the point; otherwise right of it.
    """

    name: Text
    intensity: float
    gflops: float
    kind: Kind = "orange"
    below: bool = False


@dataclass(frozen=True)
class _Logarithmic:
    """Places on an axis where each power of ten is equally long."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return self.start + share * (self.end - self.start)

    @property
    def decades(self) -> list[float]:
        return [10.0**power for power in range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)]


def roofline_board(title: Text, points: Sequence[Point], machine: Machine, sources: Sequence[str]) -> Board:
    """Programs under the roofs of one core whose data come from one of the machine's memories.

    Args:
        title: what the picture shows.
        points: the programs.
        machine: whose peak and bandwidths are the roofs.
        sources: of its memories, those that get a roof.

    Raises:
        ValueError: no point, a figure that is not above 0, or an unknown memory.
    """
    if not points or min(min(p.intensity, p.gflops) for p in points) <= 0:
        raise ValueError(refused("points", [(p.intensity, p.gflops) for p in points], _POINTS))
    board = Board(560, 400, title)
    roofs = {source: machine.roof(source) for source in sources}
    ridges = [roof.gflops / roof.gbytes for roof in roofs.values()]
    least = 10 ** math.floor(math.log10(min(*ridges, *(p.intensity for p in points))))
    most = 4 * max(*ridges, *(p.intensity for p in points))
    lowest = 10 ** math.floor(math.log10(min(p.gflops for p in points)))
    x, y = _Logarithmic(least, most, 62, 540), _Logarithmic(lowest, machine.gflops * 2.5, 340, 16)
    _axes(board, x, y, _INTENSITY, _RATE)
    board.line((x(min(ridges)), y(machine.gflops)), (x.end, y(machine.gflops)))
    board.text(x.end, y(machine.gflops) - 8, _PEAK.format(gflops=round(machine.gflops)), anchor="end", size=14)
    for source, roof in roofs.items():
        begin, ridge = max(least, lowest / roof.gbytes), roof.gflops / roof.gbytes
        board.line((x(begin), y(begin * roof.gbytes)), (x(ridge), y(roof.gflops)))
        at = begin ** (1 - _LABEL_AT) * ridge**_LABEL_AT
        name = Text.code(source) if source in {level.name for level in machine.levels} else _MEMORY
        label = _FROM.format(source=name, gbytes=round(roof.gbytes))
        board.text(x(at) + 12, y(at * roof.gbytes) + 12, label, anchor="start", size=14, style="soft")
    for point in points:
        _dot(board, x(point.intensity), y(point.gflops), point.kind)
        if point.below:
            board.text(x(point.intensity), y(point.gflops) + 24, point.name, size=14)
        else:
            board.text(x(point.intensity) + 10, y(point.gflops) + 8, point.name, size=14, anchor="start")
    return board


def _axes(board: Board, x: _Logarithmic, y: _Logarithmic, across: Text, up: Text) -> None:
    board.line((x.start, y.end), (x.start, y.start), (x.end, y.start))
    for value in x.decades:
        board.line((x(value), y.start), (x(value), y.start + 5))
        board.text(x(value), y.start + 21, f"{value:g}", size=14, style="soft")
    for value in y.decades:
        board.line((x.start - 5, y(value)), (x.start, y(value)))
        board.text(x.start - 8, y(value) + 5, f"{value:g}", size=14, anchor="end", style="soft")
    board.text((x.start + x.end) / 2, y.start + 46, across, size=14)
    board.text(x.start + 8, y.end + 6, up, size=14, anchor="start")


def _dot(board: Board, x: float, y: float, kind: Kind) -> None:
    board.box(x - 5, y - 5, 10, 10, kind=kind, radius=5)


def reuse_board(title: Text, programs: Mapping[str, ReuseHistogram], level: CacheLevel) -> Board:
    """Histograms of reuse distances, one below the other, with the capacity of a cache as a line.

    Args:
        title: what the picture shows.
        programs: a histogram for each name.
        level: the cache; what lies right of its line is missing from it, were there places everywhere.
    """
    edges = sorted({edge for each in programs.values() for edge in each.by_powers_of_two()})
    width, height, left = min(40, 500 // (len(edges) + 1)), 110, 34
    board = Board(560, 40 + (height + 44) * len(programs) + 30, title)
    for number, (name, histogram) in enumerate(programs.items()):
        base = 40 + (height + 44) * number + height
        board.text(left, base - height - 8, name, anchor="start", style="mono bold", size=14)
        counts = [histogram.by_powers_of_two().get(edge, 0) for edge in edges] + [histogram.first]
        for place, count in enumerate(counts):
            share = count / histogram.accesses
            bar = share * (height - 20)
            x = left + place * width
            board.box(
                x + 2, base - bar, width - 4, max(bar, 0.5), kind="green" if place == len(edges) else "blue", radius=1
            )
            if share >= 0.005:
                board.text(x + width / 2, base - bar - 4, f"{share * 100:.0f}%", size=14)
            label = _FIRST if place == len(edges) else Text.code(_short(edges[place]))
            board.text(x + width / 2, base + 18, label, size=14, style="soft")
        limit = left + width * _position(edges, level.lines)
        board.line((limit, base - height + 6), (limit, base))
    limit = left + width * _position(edges, level.lines)
    board.text(limit + 6, 48, _HOLDS.format(name=level.name, lines=level.lines), size=14, anchor="start", style="soft")
    board.text(left, board.height - 10, Text(f"{_DISTANCE.en}; height: {_SHARE.en}", f"{_DISTANCE.zh}；高度：{_SHARE.zh}"),
               size=14, anchor="start")  # fmt: skip
    return board


def _short(number: int) -> str:
    return f"{number // 1024}k" if number >= 1024 else str(number)


def _position(edges: Sequence[int], lines: int) -> int:
    """The first bar whose distances are all at least ``lines``: for a power of two, all that stands right of it misses."""
    return sum(edge < lines for edge in edges)


def sets_board(title: Text, filled: Mapping[str, np.ndarray], level: CacheLevel) -> Board:
    """How many lines want a place in each set of a cache, and how many places there are.

    Args:
        title: what the picture shows.
        filled: for each caption the lines of each set, as ``lines_in_sets`` counts them.
        level: the cache.
    """
    left, width, height = 24, 512, 130
    ways = level.ways or level.lines
    most = max(ways, *(int(each.max()) for each in filled.values()))
    board = Board(560, (height + 62) * len(filled) + 12, title)
    for number, (caption, counts) in enumerate(filled.items()):
        base = (height + 62) * number + height + 30
        board.text(left, base - height - 12, caption, size=14, anchor="start", style="mono bold")
        for place, count in enumerate(counts.tolist()):
            step = width / len(counts)
            bar = height * count / most
            kind: Kind = "red" if count > ways else "blue"
            if count:
                board.box(left + place * step, base - bar, max(step - 1, 1), bar, kind=kind, radius=1)
        board.line((left, base), (left + width, base))
        limit = base - height * ways / most
        board.line((left, limit), (left + width, limit), dashed=True)
        board.text(left + width, limit - 6, _WAYS.format(ways=ways), size=14, anchor="end")
        board.text(left, base + 20, _SETS.format(last=len(counts) - 1), size=14, anchor="start", style="soft")
        board.text(left + width, base + 20, _FULLEST.format(lines=int(counts.max())), size=14, anchor="end")
    return board


def chains_board(title: Text, additions: int, accumulators: Sequence[int], latency: int) -> Board:
    """The same additions into more and more accumulators: each row is one, each box an addition that is waited for.

    Args:
        title: what the picture shows.
        additions: how many.
        accumulators: how many sums, one picture each, one below the other.
        latency: cycles until a result can be used.
    """
    left, row, gap = 20, 20, 44
    longest = max(issue_cycles(additions, each, latency)[-1][1] for each in accumulators) + latency
    unit = 520 / longest
    board = Board(560, sum(row * each + gap for each in accumulators) + 30, title)
    top = 0
    for count in accumulators:
        begun = issue_cycles(additions, count, latency)
        label = (_SUM if count == 1 else _SUMS).format(accumulators=count, cycles=begun[-1][1] + latency)
        board.text(left, top + 26, label, size=14, anchor="start", style="bold")
        for where, begin in begun:
            kind: Kind = ("blue", "green", "orange", "purple")[where % 4]
            board.box(left + begin * unit, top + 36 + where * row, latency * unit - 1, row - 4, kind=kind, radius=2)
        top += row * count + gap
    board.arrow(left, top + 6, left + 520, top + 6)
    board.text(left + 520, top + 24, _CYCLES, size=14, anchor="end", style="soft")
    return board


def predicted_board(
    title: Text, predicted: Mapping[str, float], measured: Mapping[str, float], correlation: float
) -> Board:
    """Predicted and measured seconds of programs as two bars each, on a logarithmic axis, slowest first as measured.

    Args:
        title: what the picture shows.
        predicted, measured: seconds of each program by its name.
        correlation: Spearman's, written below.
    """
    left, step = 170, 46
    names = sorted(measured, key=lambda name: -measured[name])
    values = [*predicted.values(), *measured.values()]
    scale = _Logarithmic(min(values) / 2, max(values), left, 470)
    board = Board(560, 40 + step * len(names) + 34, title)
    legend: tuple[tuple[int, Kind, Text], ...] = ((left, "blue", _PREDICTED), (left + 130, "orange", _MEASURED))
    for x, kind, label in legend:
        board.box(x, 8, 14, 14, kind=kind, radius=2)
        board.text(x + 20, 20, label, anchor="start", size=14)
    for number, name in enumerate(names):
        y = 36 + step * number
        board.text(left - 8, y + 24, name, anchor="end", size=14, style="mono")
        bars: tuple[tuple[Mapping[str, float], Kind], ...] = ((predicted, "blue"), (measured, "orange"))
        for row, (times, colour) in enumerate(bars):
            board.box(left, y + 19 * row, scale(times[name]) - left, 17, kind=colour, radius=2)
            said = _MICROSECONDS.format(
                value=f"{times[name] * 1e6:.3g}" if times[name] < 1e-3 else f"{times[name] * 1e6:.0f}"
            )
            board.text(scale(times[name]) + 6, y + 19 * row + 14, said, anchor="start", size=14)
    board.text(left, 36 + step * len(names) + 22, _RHO.format(value=correlation), anchor="start", size=14)
    return board
