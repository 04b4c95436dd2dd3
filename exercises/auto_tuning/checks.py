"""Checks and points of the exercises on auto-tuning."""

import functools
import math
import secrets

import numpy as np
import tvm_ffi
from scipy.stats import chi2
from tvm import IRModule, relax
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.decisions import Decision, decisions, with_values
from mlc_ref.auto_tuning.nests import main_nest, nest_of
from mlc_ref.auto_tuning.practice import (
    SCORES_SHAPE,
    coarse_cycles,
    cycles,
    metered,
    metered_cycles,
    scores_program,
    scoring_model,
    unusable,
)
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import draw, elementwise_space, matmul_space
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.declared import stores_in_blocks
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.sites import listing, sites
from mlc_ref.language import Text
from mlc_ref.schedules.programs import matmul, scale_add
from mlc_ref.schedules.traces import trace_to_json

NUMBERS = Text("right numbers", "数值正确")


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _kind(value) -> str:
    return type(value).__name__


def _dict_with(result, *keys):
    right = isinstance(result, dict) and all(key in result for key in keys)
    wanted = Text(f"a dict with {', '.join(keys)}", f"含 {'、'.join(keys)} 的字典")
    require(
        right, expected=wanted, found=listing(list(map(str, result))) if isinstance(result, dict) else _kind(result)
    )
    return result


# A schedule with stated freedom.

freedom = Task(
    "freedom",
    kind="trace",
    title=Text("A schedule with stated freedom", "自由度给定的调度"),
    module=scores_program,
)
_CANDIDATES = [1, 2, 3, 4]


def _tiles(length: int, parts: int, limit: int) -> str:
    return f"sample_perfect_tile: {length} = {' × '.join(['…'] * parts)}, max_innermost_factor={limit}"


def _category(candidates: list[int]) -> str:
    return f"sample_categorical: {candidates}"


def _described(sch) -> dict[str, int]:
    """Each draw in words, with its position among the decisions."""
    sampling = [inst for inst in sch.trace.insts if inst in sch.trace.decisions]
    words = {}
    for position, (inst, made) in enumerate(zip(sampling, decisions(sch), strict=True)):
        if isinstance(made.value, tuple):
            text = _tiles(math.prod(made.value), len(made.value), made.limit)
        else:
            text = _category(sorted(int(each) for each in inst.attrs[0]))
            chances = [float(each) for each in inst.attrs[1]]
            text += "" if np.allclose(chances, chances[0]) and chances[0] > 0 else f", probs={chances}"
        words[text if text not in words else f"{text} (2)"] = position
    return words


_DRAWS = [
    _tiles(SCORES_SHAPE[0], 2, 6),
    _tiles(SCORES_SHAPE[1], 3, 16),
    _category(_CANDIDATES),
]
_DRAW_HINT = Text(
    "Compare with the three draws of the task: loop, number of parts, largest last part, candidates and their chances.",
    "与题目中的三次抽取逐项对照：循环、段数、最后一段的上限、候选及其概率。",
)


@freedom.inspect("draws", points=2, title=Text("draws exactly what is stated", "抽取的正是要求的内容"))
def _(sch):
    found = _described(sch)
    require(set(found) == set(_DRAWS), expected=listing(_DRAWS), found=listing(list(found)) if found else "-",
            hint=_DRAW_HINT)  # fmt: skip


@freedom.inspect("follows", points=2, title=Text("loops follow the decisions", "循环随决策而变"))
def _(sch):
    made, found = decisions(sch), _described(sch)
    tiles = {math.prod(each.value): n for n, each in enumerate(made) if isinstance(each.value, tuple)}
    categories = [n for n, each in enumerate(made) if isinstance(each.value, int)]
    wanted = Text("draws for the rows, the columns and the reduction", "对行、列和规约的抽取")
    complete = set(SCORES_SHAPE[:2]) <= set(tiles) and categories and len(made) == 3
    require(complete, expected=wanted, found=listing(list(found)) if found else "-", hint=_DRAW_HINT)
    rows, columns = (tiles[length] for length in SCORES_SHAPE[:2])
    require(len(made[rows].value) == 2 and len(made[columns].value) == 3, expected=wanted, found=listing(list(found)),
            hint=_DRAW_HINT)  # fmt: skip
    listed = _candidates(sch)
    require(set(listed) >= {2, 3, 4}, expected=_DRAWS[2], found=_category(listed), hint=_DRAW_HINT)
    for row, column, length in [((6, 4), (5, 2, 4), 4), ((12, 2), (1, 5, 8), 2), ((4, 6), (4, 1, 10), 3)]:
        values: list = [None] * 3
        values[rows], values[columns], values[categories[0]] = row, column, listed.index(length)
        _follows(sch, values, (row, column, length))


def _candidates(sch) -> list[int]:
    """The candidates of the last category drawn, in the order the schedule lists them."""
    drawn = [inst for inst in sch.trace.insts if inst in sch.trace.decisions and inst.kind.name == "SampleCategorical"]
    return [int(each) for each in drawn[-1].attrs[0]]


def _follows(sch, values, chosen):
    where = Text("decisions {}", "决策 {}")
    where = Text(where.en.format(values), where.zh.format(values))
    hint = Text(
        "Pass the random variables themselves to split; sch.get(v) is a number and does not change in a replay.",
        "把随机变量本身传给 split；sch.get(v) 是一个数字，重放时不会改变。",
    )
    try:
        nest = main_nest(with_values(scores_program(), sch, values))
    except ValueError as error:
        wanted = Text("a schedule that can be replayed with these decisions", "能用这些决策重放的调度")
        raise CheckFailure(expected=wanted, found=str(error), where=where) from error
    row, column, unrolled = chosen
    wanted = {"parallel": row[0], "unrolled": unrolled, "vectorized": column[2]}
    found = {kind: nest.extent_of(kind) for kind in wanted}
    require(found == wanted, expected=str(wanted), found=str(found), where=where, hint=hint)
    order = [level.extent for level in nest.levels]
    length = SCORES_SHAPE[2] // unrolled
    loops = [row[0], column[0], column[1], length, unrolled, row[1], column[2]]
    loops = [extent for extent in loops if extent > 1]
    found_loops = [extent for extent in order if extent > 1]
    if sorted(found_loops) == sorted(loops):
        hint = Text(
            "The lengths are right, their order is not: i0, j0, j1, k0, k1, i1, j2 in one call of reorder.",
            "长度正确，次序不对：用一次 reorder 排成 i0, j0, j1, k0, k1, i1, j2。",
        )
    require(found_loops == loops, expected=listing(list(map(str, loops))), found=listing(list(map(str, found_loops))),
            where=where, hint=hint)  # fmt: skip


@freedom.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    rows, columns, length = SCORES_SHAPE
    p, q = _normal(rng, rows, length), _normal(rng, columns, length)
    oracle = (p.astype("float64") @ q.T).astype("float32")
    arrays_match(call(p, q, out=[(oracle.shape, "float32")]), oracle, rtol=1e-4, atol=1e-3)


# Replay with chosen decisions.

widest = Task("widest", kind="program", title=Text("Replay with chosen decisions", "用选定的决策重放"))


_SMOOTH = [4, 6, 8, 12, 16, 18, 20, 24, 32, 34, 36, 48, 51, 60]
_PRIME = [23, 29, 31, 37, 41, 43]


def _tiled(parts: int, limit: int):
    """A space that cuts the first loop of the first block into some tiles."""

    def space(sch):
        block = sites(sch)[0].name
        first = sch.get_loops(block)[0]
        sch.split(first, sch.sample_perfect_tile(first, n=parts, max_innermost_factor=limit))

    return space


def _recipe(rng, kind: int):
    """A program, a drawn schedule of it as JSON, and the decisions that are wanted."""
    seed = int(rng.integers(1, 2**30))
    if kind == 0:
        mod = scale_add(int(rng.choice([60, 96, 210, 1000])))
        sch = draw(mod, elementwise_space, seed)
    elif kind == 1:
        mod = matmul(*(int(size) for size in rng.choice(_SMOOTH, size=3)))
        sch = draw(mod, matmul_space, seed)
    elif kind == 2:  # no divisor but 1 within the limit, or the limit itself one
        length, limit = [(int(rng.choice(_PRIME)), 16), (96, 16), (60, 20)][int(rng.integers(3))]
        mod = scale_add(length)
        sch = draw(mod, _tiled(int(rng.choice([2, 4])), limit), seed)
    else:  # one more than the limit is a divisor
        mod = scale_add(int(rng.choice([34, 51, 68])))
        sch = draw(mod, _tiled(3, 16), seed)
    return mod, sch, [_widest(each) for each in decisions(sch)]


def _widest(made: Decision):
    if isinstance(made.value, int):
        return made.limit - 1
    extent = math.prod(made.value)
    last = max(size for size in range(1, made.limit + 1) if extent % size == 0)
    return (extent // last, *[1] * (len(made.value) - 2), last)


def _widened(call, rng, kind):
    mod, sch, wanted = _recipe(rng, kind)
    return mod, sch, wanted, _dict_with(call(mod, trace_to_json(sch)), "values", "module")


@widest.run("values", points=2, title=Text("the decisions by the rule", "按规则选定的决策"))
def _(call, rng):
    for number in range(8):
        _mod, sch, wanted, result = _widened(call, rng, number % 4)
        drawn = str([each.value for each in decisions(sch)])
        right = isinstance(result["values"], list | tuple)
        require(right, expected=Text("a list", "一个列表"), found=_kind(result["values"]))
        found = [tuple(int(n) for n in v) if isinstance(v, list | tuple | np.ndarray) else v for v in result["values"]]
        where = Text(f"drawn {drawn}", f"抽到的是 {drawn}")
        hint = Text(
            "Apply the rule to each decision by itself: the limit and the length of the loop differ from one to the next.",
            "对每个决策分别应用规则：各个决策的上限和循环长度并不相同。",
        )
        require(found == wanted, expected=str(wanted), found=str(found), where=where, hint=hint)


@widest.run("module", points=3, title=Text("the module after the replay", "重放之后的模块"))
def _(call, rng):
    for kind in range(4):
        mod, sch, wanted, result = _widened(call, rng, kind)
        expected = with_values(mod, sch, wanted).mod
        require(isinstance(result["module"], IRModule), expected=Text("an IRModule", "一个 IRModule"),
                found=_kind(result["module"]), where="module")  # fmt: skip
        same = tvm_ffi.structural_equal(result["module"], expected)
        drawn = str([each.value for each in decisions(sch)])
        where = Text(f"drawn {drawn}", f"抽到的是 {drawn}")
        found = Text("another program", "另一个程序")
        require(same, expected=Text(f"the program of {wanted}", f"决策 {wanted} 的程序"), found=found, where=where,
                hint=Text("with_values(mod, schedule, values) replays with your values; hand back its .mod.",
                          "with_values(mod, schedule, values) 用你的值重放；请返回它的 .mod。"))  # fmt: skip


# Random search.

search = Task("search", kind="program", title=Text("Random search", "随机搜索"))


def _history(call, cost, choices, trials, seed):
    result = _dict_with(call(cost, choices, trials, seed), "history", "best")
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
            wanted = metered_cycles(point, secret, place)
            hint = Text(
                "The history lists points and costs in the order in which they were measured.",
                "历史按测量的先后列出各个点和代价。",
            )
            require(
                found == wanted, expected=wanted, found=found, where=Text(f"point {point}", f"点 {point}"), hint=hint
            )


_ALL_POINTS = Text(
    "Points of infinite cost belong to the history, and they count as trials.", "代价无穷大的点也在历史中，也算一次。"
)


_SPACE, _SEEDS, _CHANCE = [3, 4, 2], 400, 1e-8
"""The space in which draws are judged, how many searches, and how rarely a test may refuse true chance."""


@search.run("random", points=2, title=Text("points drawn at random", "随机抽取的点"))
def _(call, rng):
    cost = functools.partial(cycles, secret=int(rng.integers(1, 10**6)))
    seeds = [int(seed) for seed in rng.choice(2**31, size=_SEEDS, replace=False)]
    runs = [_history(call, cost, _SPACE, 3, seed)[0] for seed in seeds]
    again = _history(call, cost, _SPACE, 3, seeds[0])[0]
    hint = Text("Make one generator from the seed, and draw from it alone.", "由种子建立一个发生器，只从它抽取。")
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
    "每个点的每个决策都要重新抽取，与之前测量过什么无关。",
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


# The acceptance step.

accept = Task("accept", kind="program", title=Text("The acceptance step", "接受的步骤"))


def _accepted(call, rows, temperature):
    """Ask about rows of (parent, child, draw, wanted); the best parent is in none of them."""
    # A best parent whose child is so much worse that it is refused in any case: whatever an answer
    # makes of the rule about the best parent, it is judged in a part of its own.
    rows = [(1.0, 1e6, 0.99, False), *rows]
    parents, children, draws, wanted = (list(column) for column in zip(*rows, strict=True))
    found = _flags(call, parents, children, temperature, draws)
    for n, (row, flag) in enumerate(zip(rows, found, strict=True)):
        where = Text(
            f"parent {row[0]:.4g}, child {row[1]:.4g}, temperature {temperature:.4g}, draw {row[2]:.4g}",
            f"父代 {row[0]:.4g}，子代 {row[1]:.4g}，温度 {temperature:.4g}，随机数 {row[2]:.4g}",
        )
        require(
            flag == wanted[n], expected=str(wanted[n]), found=str(flag), where=where, hint=_rule(*row[:3], temperature)
        )


def _rule(parent: float, child: float, draw: float, temperature: float) -> Text:
    """The rule of the task that settles one place."""
    if math.isinf(child):
        return Text("A child of infinite cost is never accepted.", "代价无穷大的子代绝不接受。")
    if child <= parent:
        return Text("A child that costs at most what its parent costs is accepted.", "代价不超过父代的子代被接受。")
    if temperature == 0:
        return Text("At temperature 0 no worse child is accepted.", "温度为 0 时绝不接受更差的子代。")
    bound = (parent / child) ** (1 / temperature)
    return Text(f"Accepted if the draw is less than {bound:.4g}.", f"随机数小于 {bound:.4g} 时才接受。")


def _flags(call, parents, children, temperature, draws) -> list[bool]:
    found = np.asarray(call(np.array(parents), np.array(children), temperature, np.array(draws)))
    right = found.shape == (len(parents),) and (found.dtype == bool or _zeros_and_ones(found))
    wanted = Text(f"{len(parents)} truth values", f"{len(parents)} 个真假值")
    hint = Text("One truth value for each place, in a list or an array.", "每个位置一个真假值，放在列表或数组中。")
    require(right, expected=wanted, found=f"{found.dtype} {found.shape}", hint=hint)
    return [bool(each) for each in found]


def _zeros_and_ones(found: np.ndarray) -> bool:
    return found.dtype.kind in "iu" and set(found.tolist()) <= {0, 1}


@accept.run(
    "improvement", points=1, title=Text("improvements, and nothing else at temperature 0", "温度为 0 时只接受改进")
)
def _(call, rng):
    parents = rng.uniform(10, 100, 12)
    better = [(p, p * rng.uniform(0.2, 0.99), float(rng.random()), True) for p in parents[:5]]
    worse = [(p, p * rng.uniform(1.01, 5), float(rng.choice([0.0, 0.5])), False) for p in parents[5:11]]
    _accepted(call, [*better, *worse, (parents[11], parents[11], 0.99, True)], 0.0)
    given = [np.array(parents), np.array(parents[::-1]), 0.5, rng.random(12)]
    for name, before, after in zip(("parents", "children", "temperature", "draws"), given,
                                   call(*given, returns="arguments"), strict=True):  # fmt: skip
        hint = Text(
            "The arrays belong to the caller: read them, and make your own.", "数组归调用者所有：只读取，另建自己的。"
        )
        require(np.array_equal(before, after), expected=Text(f"{name} as it was", f"{name} 保持不变"),
                found=Text("changed", "被改动"), hint=hint)  # fmt: skip


@accept.run("temperature", points=2, title=Text("worse children by chance", "按概率接受更差的子代"))
def _(call, rng):
    for temperature in (0.05, 0.4, 3.0):
        rows = []
        for _n in range(8):
            parent, worse = rng.uniform(10, 100), rng.uniform(1.02, 3)
            chance = worse ** (-1 / temperature)
            rows += [(parent, parent * worse, chance * 0.97, True), (parent, parent * worse, chance * 1.03, False)]
        _accepted(call, [row for row in rows if row[2] < 1], temperature)
    # A draw equal to the bound is not less than it; powers of two are exact however the bound is computed.
    _accepted(call, [(16.0, 32.0, 0.5, False), (16.0, 64.0, 0.25, False)], 1.0)


@accept.run("unmeasurable", points=1, title=Text("costs that are infinite", "无穷大的代价"))
def _(call, rng):
    inf, some = math.inf, float(rng.uniform(10, 100))
    for temperature in (0.0, 2.0):
        rows = [(some, inf, 0.0, False), (inf, some, 0.99, True), (inf, inf, 0.0, False)]
        _accepted(call, rows, temperature)


@accept.run("elite", points=1, title=Text("the best parent stays", "保留最好的父代"))
def _(call, rng):
    parents = [float(p) for p in rng.uniform(20, 90, 5)]
    place = int(rng.integers(5))
    parents[place] = 10.0
    hint = Text("Is the child worse than the best of all parents, in the very place of that parent?",
                "这个位置上的父代是否就是所有父代中最好的，而子代更差？")  # fmt: skip
    worse = _flags(call, parents, [p * 1.2 for p in parents], 1.0, [0.0] * 5)
    wanted = [n != place for n in range(5)]
    require(
        worse == wanted,
        expected=str(wanted),
        found=str(worse),
        where=Text("every child worse", "子代都更差"),
        hint=hint,
    )
    better = _flags(call, parents, [p * 0.9 for p in parents], 1.0, [0.5] * 5)
    hint = Text("The best parent, too, gives way to a better child.", "最好的父代也会被更好的子代取代。")
    where = Text("every child better", "子代都更好")
    require(all(better), expected=str([True] * 5), found=str(better), where=where, hint=hint)
    hint = Text("Only the first of equally good parents is kept: np.argmin gives its place.",
                "同样好的父代中只保留第一个：np.argmin 给出它的位置。")  # fmt: skip
    twice = _flags(call, [10.0, 10.0, 30.0], [11.0, 11.0, 33.0], 1.0, [0.0] * 3)
    where = Text("two equally good parents, the first stays", "两个父代同样好，保留第一个")
    require(twice == [False, True, True], expected=str([False, True, True]), found=str(twice), where=where, hint=hint)


# Tune and install.

install = Task("install", kind="module", title=Text("Tune and install", "调优并安装"))
LAYER = "fused_matmul_add_relu"
SHARE = 12
"""The layer is to cost at most one part in ``SHARE`` of what it costs unscheduled."""


_WHOLE = Text(
    "Hand in the whole model: a copy of practice.scoring_model() in which this one function is replaced, under its own name.",
    "请提交整个模型：practice.scoring_model() 的副本，其中只有这个函数被替换，名字不变。",
)


def _layer(mod):
    names = [var.name_hint for var in mod.get_global_vars()]
    require(LAYER in names, expected=LAYER, found=listing(names), hint=_WHOLE)
    return mod[LAYER]


@install.inspect("graph", points=1, title=Text("the layer replaced, and nothing else", "只替换这一层"))
def _(mod):
    given = scoring_model()
    wanted, found = (sorted(var.name_hint for var in each.get_global_vars()) for each in (given, mod))
    require(found == wanted, expected=listing(wanted), found=listing(found), hint=_WHOLE)
    for name in wanted:
        if name != LAYER:
            same = isinstance(mod["main"], relax.Function) and _same(mod, given, name)
            hint = Text("Put the winner under the GlobalVar that the graph calls: mod.get_global_var(name).",
                        "把胜出者放在图所调用的 GlobalVar 之下：mod.get_global_var(name)。")  # fmt: skip
            require(same, expected=Text("as in the given model", "与给定的模型相同"), found=Text("changed", "有改动"),
                    where=name, hint=hint)  # fmt: skip
    same_signature(_layer(mod), _layer(given))
    replaced = _layer(mod).script() != _layer(given).script()
    require(
        replaced, expected=Text("another schedule", "另一个调度"), found=Text("as given", "与给定的相同"), where=LAYER
    )


def _same(mod, given, name) -> bool:
    # The graph refers to its functions by GlobalVar, which belongs to its module: compare what is printed.
    return mod[name].script() == given[name].script()


@install.inspect("cost", points=4, title=Text("simulated cycles", "模拟周期数"))
def _(mod):
    no_extern_calls(_layer(mod))
    stores_in_blocks(_layer(mod), loads=4)
    found, unscheduled = (Schedule(_alone(each)) for each in (mod, scoring_model()))
    work, needed = main_nest(found).iterations, main_nest(unscheduled).iterations
    require(work >= needed, expected=Text(f"{needed} multiply-adds", f"{needed} 次乘加"), found=work, where=LAYER)
    # Whatever else the layer does costs too, beyond what bias and activation cost as they were given.
    whole, product = _cycles(unscheduled), SimulatedCpu()(unscheduled)
    limit = product / SHARE
    cost = max(SimulatedCpu()(found), _cycles(found) - (whole - product))
    hint = Text(
        "Parallel tasks outside, a tile of rows and columns inside all reduction loops, its columns as a vector.",
        "外层是并行的任务；所有规约循环之内是由行和列组成的小块，其中的列作为向量。",
    )
    wanted = Text(f"at most {limit:.0f} cycles", f"至多 {limit:.0f} 个周期")
    require(cost <= limit, expected=wanted, found=f"{cost:.0f}", where=LAYER, hint=hint)


def _cycles(sch) -> float:
    """Cycles of all blocks together."""
    return sum(SimulatedCpu().cost(nest_of(site)) for site in sites(sch))


def _alone(mod):
    return IRModule({"main": _layer(mod).with_attr("global_symbol", "main")})


@install.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    x, w0, b0, w1, b1 = (_normal(rng, *shape) for shape in [(48, 60), (60, 40), (40,), (40, 12), (12,)])
    oracle = np.maximum(x.astype("float64") @ w0 + b0, 0) @ w1 + b1
    arrays_match(call(x, w0, b0, w1, b1), oracle.astype("float32"), rtol=1e-3, atol=1e-2)


TASKS = [freedom, widest, search, accept, install]
