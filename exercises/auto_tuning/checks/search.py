"""Checks of the item ``search``: random search."""

import functools
import math
import secrets

import numpy as np
from scipy.stats import chi2

from mlc_ref.auto_tuning.exercise_inputs import (
    coarse_cycles,
    cycles,
    metered,
    metered_cycles,
    unusable,
)
from mlc_ref.checks import Task, require
from mlc_ref.language import Text

from .shared import _kind, dict_with

# Random search.

search = Task("search", kind="program", title=Text("Random search", "随机搜索"))


def _history(call, cost, choices, trials, seed):
    result = dict_with(call(cost, choices, trials, seed), "history", "best")
    require(isinstance(result["history"], list | tuple), expected=Text("a list of pairs", "由二元组构成的列表"),
            found=_kind(result["history"]), where="history")  # fmt: skip
    return [(tuple(int(n) for n in point), float(found)) for point, found in result["history"]], result["best"]


@search.run("history", points=2, title=Text("every point measured once", "每个点只测量一次"))
def _(call, rng):
    drawn = ([int(n) for n in rng.integers(2, 9, size=int(rng.integers(2, 6)))], int(rng.integers(13, 30)))
    for choices, trials in [([4, 3, 5], 12), ([2, 3], 6), ([2, 2], 50), ([1, 1, 1], 3), ([7], 1), drawn]:
        secret = int(rng.integers(1, 10**6))
        # Not from the source of secret inputs: a search judged again with the same inputs is another search.
        cost = functools.partial(metered, secret=secret, search=secrets.randbits(62))
        history, _best = _history(call, cost, choices, trials, int(rng.integers(10**6)))
        where = Text(f"choices {choices}, trials {trials}", f"选项 {choices}，次数 {trials}")
        points = [point for point, _cost in history]
        count = min(trials, math.prod(choices))
        repeated = len(points) - len(set(points))
        wanted = Text(f"{count} different points", f"{count} 个不同的点")
        told = Text(f"{len(points)} points, {repeated} of them repeated", f"{len(points)} 个点，其中重复 {repeated} 个")
        hint = Text(
            "Ask for a point only if it was not asked before; keep it even if its cost is infinite; stop at the smaller of "
            "trials and the number of points.",
            "只询问没有问过的点；代价无穷大的点也要保留；达到 trials 与点的总数中较小的一个时停止。",
        )
        require(len(points) == count and not repeated, expected=wanted, found=told, where=where, hint=hint)
        for place, (point, found) in enumerate(history, 1):
            inside = len(point) == len(choices) and all(0 <= n < limit for n, limit in zip(point, choices, strict=True))
            require(inside, expected=Text("a point of the space", "空间中的一个点"), found=str(point), where=where)
            cycles = metered_cycles(point, secret, place)
            hint = Text(
                "The history lists points and costs in the order in which they were measured.",
                "历史按测量的先后列出各个点和代价。",
            )
            require(
                found == cycles, expected=cycles, found=found, where=Text(f"point {point}", f"点 {point}"), hint=hint
            )


_ALL_POINTS = Text(
    "Points of infinite cost belong to the history, and they count as trials.", "代价无穷大的点也在历史中，也算一次。"
)


_SPACE, _SEEDS, _CHANCE = [3, 4, 2], 400, 1e-8
"""The space in which draws are judged, how many searches, and how rarely a test may refuse true chance."""


@search.run("random", points=2, title=Text("points drawn at random", "随机采样的点"))
def _(call, rng):
    cost = functools.partial(cycles, secret=int(rng.integers(1, 10**6)))
    seeds = [int(seed) for seed in rng.choice(2**31, size=_SEEDS, replace=False)]
    runs = [_history(call, cost, _SPACE, 3, seed)[0] for seed in seeds]
    again = _history(call, cost, _SPACE, 3, seeds[0])[0]
    hint = Text("Make one generator from the seed, and draw from it alone.", "由种子建立一个发生器，只用它采样。")
    require(runs[0] == again, expected=Text("the same points for the same seed", "种子相同则点相同"),
            found=Text("other points", "别的点"), hint=hint)  # fmt: skip
    for seed, run in zip(seeds, runs, strict=True):
        asked = Text(f"{len(run)} points", f"{len(run)} 个点")
        require(len(run) == 3, expected=Text("3 points", "3 个点"), found=asked, hint=_ALL_POINTS,
                where=Text(f"choices {_SPACE}, trials 3, seed {seed}", f"选项 {_SPACE}，次数 3，种子 {seed}"))  # fmt: skip
    points = np.array([[point for point, _cost in run] for run in runs])
    inside = points.shape == (_SEEDS, 3, len(_SPACE)) and bool(((points >= 0) & (points < _SPACE)).all())
    require(inside, expected=Text("points of the space", "空间中的点"), found=Text("others", "别的点"))
    _equal_chances(points)
    _independent(points)


def _equal_chances(points: np.ndarray) -> None:
    """Of all searches together, each measurement falls on every point of the space equally often."""
    total = math.prod(_SPACE)
    for step in range(3):
        where = Text(f"measurement {step + 1} of {_SEEDS} searches", f"{_SEEDS} 次搜索的第 {step + 1} 次测量")
        for position, limit in enumerate(_SPACE):
            counts = np.bincount(points[:, step, position], minlength=limit)
            wanted = Text(
                f"each option of decision {position} about {_SEEDS // limit} times",
                f"决策 {position} 的每个选项各约 {_SEEDS // limit} 次",
            )
            require(_is_chance(counts), expected=wanted, found=str(counts.tolist()), where=where, hint=_EVERY_POINT)
        numbers = np.ravel_multi_index(tuple(points[:, step].T), _SPACE)
        counts = np.bincount(numbers, minlength=total)
        wanted = Text(f"each of {total} points equally often", f"{total} 个点出现得同样多")
        found = Text(f"between {counts.min()} and {counts.max()} times", f"{counts.min()} 到 {counts.max()} 次")
        require(_is_chance(counts), expected=wanted, found=found, where=where, hint=_EVERY_POINT)


def _independent(points: np.ndarray) -> None:
    """Of all searches together, the step from one measurement to a later one is every step equally often."""
    total = math.prod(_SPACE)
    for first, second in [(0, 1), (1, 2), (0, 2)]:
        steps = (points[:, second] - points[:, first]) % _SPACE
        counts = np.bincount(np.ravel_multi_index(tuple(steps.T), _SPACE), minlength=total)[1:]
        where = Text(f"measurements {first + 1} and {second + 1}", f"第 {first + 1} 次与第 {second + 1} 次测量")
        wanted = Text("a point that does not depend on those before", "与之前的点无关的点")
        found = Text("a point that follows from the one before", "由前面的点推出的点")
        require(_is_chance(counts), expected=wanted, found=found, where=where, hint=_ANEW)


def _is_chance(counts: np.ndarray) -> bool:
    """Whether counts may be draws that are all equally likely: the chi-squared test, at a level of ``_CHANCE``."""
    expected = counts.sum() / len(counts)
    return bool(((counts - expected) ** 2 / expected).sum() <= chi2.isf(_CHANCE, len(counts) - 1))


_EVERY_POINT = Text(
    "Every option of a decision has the same chance: draw each decision once, from all of its options.",
    "一个决策的每个选项机会相等：每个决策只抽一次，从它的全部选项中抽。",
)


_ANEW = Text(
    "Draw every decision anew for every point, whatever was measured before.",
    "每个点的每个决策都要重新采样，与之前测量过什么无关。",
)


@search.run("best", points=1, title=Text("the best point", "最好的点"))
def _(call, rng):
    hint = Text(
        "Compare finite costs only, and let a later point replace the best one only if it costs less.",
        "只比较有限的代价；后来的点只有代价更小时才取代当前最好的点。",
    )
    for machine in (cycles, coarse_cycles) * 3:
        cost = functools.partial(machine, secret=int(rng.integers(1, 10**6)))
        history, best = _history(call, cost, [3, 3, 2], 12, int(rng.integers(10**6)))
        usable = [pair for pair in history if math.isfinite(pair[1])]
        wanted = min(usable, key=lambda pair: pair[1]) if usable else None
        found = (tuple(int(n) for n in best[0]), float(best[1])) if best is not None else None
        require(found == wanted, expected=str(wanted), found=str(found), where="best", hint=hint)
    _nothing, best = _history(call, unusable, [2, 2], 3, 1)
    nowhere = Text("no point can be run", "没有一个点能运行")
    require(best is None, expected="None", found=str(best), where=nowhere, hint=hint)
