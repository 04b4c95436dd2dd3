"""Checks of the item ``accept``: the acceptance step."""

import math

import numpy as np

from mlc_ref.checks import Task, require
from mlc_ref.language import Text

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
            flag == wanted[n],
            expected=str(wanted[n]),
            found=str(flag),
            where=where,
            hint=_rule(row[0], row[1], row[2], temperature),
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
    # The best child is in another place than the best parent.
    children = [1e3 if n == place else parents[n] * 1.2 for n in range(5)]
    worse = _flags(call, parents, children, 1.0, [0.0] * 5)
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
