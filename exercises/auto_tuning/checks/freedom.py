"""Checks of the item ``freedom``: a schedule with stated freedom."""

import math

import numpy as np

from mlc_ref.auto_tuning.decisions import decisions, with_values
from mlc_ref.auto_tuning.exercise_inputs import (
    SCORES_SHAPE,
    scores_program,
)
from mlc_ref.auto_tuning.nests import main_nest
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

from .shared import NUMBERS, normal

# A schedule with stated freedom.

_SEED = 9  # every part that is drawn has at least two iterations: (12, 2), (4, 5, 2) and 4

freedom = Task(
    "freedom",
    kind="trace",
    title=Text("A schedule with stated freedom", "自由度给定的调度"),
    module=scores_program,
    seed=_SEED,
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
    "与题目中的三次采样逐项对照：循环、段数、最后一段的上限、候选及其概率。",
)


@freedom.inspect("draws", points=2, title=Text("draws exactly what is stated", "采样的正是要求的内容"))
def _(sch):
    found = _described(sch)
    require(set(found) == set(_DRAWS), expected=listing(_DRAWS), found=listing(list(found)) if found else "-",
            hint=_DRAW_HINT)  # fmt: skip


@freedom.inspect("follows", points=2, title=Text("loops follow the decisions", "循环随决策而变"))
def _(sch):
    made, found = decisions(sch), _described(sch)
    factors = {n: each.value for n, each in enumerate(made) if isinstance(each.value, tuple)}
    tiles = {math.prod(value): n for n, value in factors.items()}
    categories = [n for n, each in enumerate(made) if isinstance(each.value, int)]
    wanted = Text("draws for the rows, the columns and the reduction", "对行、列和规约的采样")
    complete = set(SCORES_SHAPE[:2]) <= set(tiles) and len(categories) > 0 and len(made) == 3
    require(complete, expected=wanted, found=listing(list(found)) if found else "-", hint=_DRAW_HINT)
    rows, columns = (tiles[length] for length in SCORES_SHAPE[:2])
    require(len(factors[rows]) == 2 and len(factors[columns]) == 3, expected=wanted, found=listing(list(found)),
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
        raise CheckFailure(expected=wanted, found=Text.english(str(error)), where=where) from error
    row, column, unrolled = chosen
    extents = {"parallel": row[0], "unrolled": unrolled, "vectorized": column[2]}
    found = {kind: nest.extent_of(kind) for kind in extents}
    require(found == extents, expected=str(extents), found=str(found), where=where, hint=hint)
    order = [level.extent for level in nest.levels]
    length = SCORES_SHAPE[2] // unrolled
    loops = [row[0], column[0], column[1], length, unrolled, row[1], column[2]]
    loops = [extent for extent in loops if extent > 1]
    found_loops = [extent for extent in order if extent > 1]
    if sorted(found_loops) == sorted(loops):
        hint = Text(
            "The lengths are right, their order is not: i0, j0, j1, k0, k1, i1, j2 in one call of reorder.",
            "长度正确，顺序不对：用一次 reorder 排成 i0, j0, j1, k0, k1, i1, j2。",
        )
    require(found_loops == loops, expected=listing(list(map(str, loops))), found=listing(list(map(str, found_loops))),
            where=where, hint=hint)  # fmt: skip


@freedom.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    rows, columns, length = SCORES_SHAPE
    p, q = normal(rng, rows, length), normal(rng, columns, length)
    oracle = (p.astype("float64") @ q.T).astype("float32")
    arrays_match(call(p, q, out=[(oracle.shape, "float32")]), oracle, rtol=1e-4, atol=1e-3)
