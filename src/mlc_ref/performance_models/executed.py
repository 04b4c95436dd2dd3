"""Which statements of a tensor program run, and exactly how often: from its loops and conditions, without running it.

Loops that no condition asks about only multiply, so a product of 4096 is counted as quickly as one of 4.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from tvm import tirx
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.checks.memory import compacted
from mlc_ref.checks.sites import Subject, nodes
from mlc_ref.kinds import refused
from mlc_ref.language import Text

Condition = Callable[[dict[Any, Any]], Any]
"""Values of the loop variables, arrays or numbers, to truth values."""

_MOST_CASES = 4_000_000
_LOOP = Text("loop {name}", "循环 {name}")
_SYMBOLIC = Text("the extent {extent}", "范围 {extent}")
_KNOWN = Text("numbers and variables of outer loops", "数字和外层循环变量")
_BIND = Text("give the program fixed sizes first", "先给程序定下大小")
_STATEMENT = Text("a program", "程序")
_STATEMENTS = Text("loops, blocks, conditions, bound values and stores", "循环、块、条件、绑定的值和写入")
_CONDITIONS = Text("conditions", "条件")
_CASES = Text("{cases} combinations of loop variables to try", "需要试 {cases} 种循环变量的组合")
_FEWER = Text("at most {most}", "至多 {most} 种")


@dataclass(frozen=True)
class Guard:
    """A condition on loop variables.

    Attributes:
        variables: what it asks about.
        holds: given their values.
    """

    variables: frozenset[Any]
    holds: Condition


@dataclass(frozen=True)
class Executed:
    """A statement that computes: a store, or a value bound to a name.

    Attributes:
        statement: the store or binding.
        loops: around it, outermost first.
        guards: what has to hold for it to run.
    """

    statement: tirx.BufferStore | tirx.Bind
    loops: tuple[tirx.For, ...]
    guards: tuple[Guard, ...]

    @property
    def value(self) -> tirx.Expr:
        """What is stored or bound."""
        return self.statement.value

    @property
    def iterations(self) -> int:
        """How often it runs."""
        return self.times(())

    def times(self, more: Sequence[Guard]) -> int:
        """How often it runs with further conditions true.

        Raises:
            ValueError: an extent is symbolic, or conditions join too many loops.
        """
        extents = {loop.loop_var: extent_of(loop, self.loops) for loop in self.loops}
        guards = [*self.guards, *more, *_bounds(self.loops)]
        total = 1
        for variables in _joined(guards):
            total *= _cases([loop for loop in self.loops if loop.loop_var in variables], extents, guards)
            for variable in variables:
                extents.pop(variable, None)
        if any(not guard.variables and not np.all(guard.holds({})) for guard in guards):
            return 0
        return total * math.prod(extents.values())


def executed(subject: Subject, entry: str = "main") -> list[Executed]:
    """The statements of a program that compute, in order.

    Args:
        subject: a TensorIR function of fixed sizes, as it is after lowering has placed its buffers (``checks.memory.compacted``).

    Raises:
        ValueError: it holds a statement whose effect is not known here.
    """
    found: list[Executed] = []
    _collect(compacted(subject, entry=entry).body, (), (), found)
    return found


def _collect(stmt: Any, loops: tuple[tirx.For, ...], guards: tuple[Guard, ...], found: list[Executed]) -> None:
    if isinstance(stmt, tirx.For):
        _collect(stmt.body, (*loops, stmt), guards, found)
    elif isinstance(stmt, SBlockRealize):
        known = constant(stmt.predicate)
        _collect(stmt.block.body, loops, guards if known else (*guards, guard(stmt.predicate, loops)), found)
    elif isinstance(stmt, tirx.SeqStmt):
        for each in stmt.seq:
            _collect(each, loops, guards, found)
    elif isinstance(stmt, tirx.IfThenElse):
        holds = guard(stmt.condition, loops)
        _collect(stmt.then_case, loops, (*guards, holds), found)
        if stmt.else_case is not None:
            _collect(stmt.else_case, loops, (*guards, negated(holds)), found)
    elif isinstance(stmt, tirx.AttrStmt):
        _collect(stmt.body, loops, guards, found)
    elif isinstance(stmt, tirx.BufferStore | tirx.Bind):
        found.append(Executed(stmt, loops, guards))
    elif not isinstance(stmt, tirx.Evaluate):  # barriers, requests to prefetch: nothing is computed
        raise ValueError(refused(_STATEMENT, type(stmt).__name__, _STATEMENTS))


def guard(condition: tirx.Expr, loops: Sequence[tirx.For]) -> Guard:
    """A condition of the program as a guard: it may ask about the loops around it and nothing else."""
    around = {loop.loop_var for loop in loops}
    asked = frozenset(var for var in nodes(condition, tirx.Var) if var in around)
    return Guard(asked, lambda values: evaluate(condition, values))


def negated(other: Guard) -> Guard:
    """The opposite."""
    return Guard(other.variables, lambda values: np.logical_not(other.holds(values)))


def extent_of(loop: tirx.For, loops: Sequence[tirx.For]) -> int:
    """Iterations of a loop; where outer loops decide them, the most there can be.

    Raises:
        ValueError: the extent is symbolic.
    """
    if (known := constant(loop.extent)) is not None:
        return known
    asked = set(nodes(loop.extent, tirx.Var))
    outer = [each for each in loops if each.loop_var in asked]
    if len(outer) < len(asked):
        raise ValueError(
            refused(_LOOP.format(name=loop.loop_var.name), _SYMBOLIC.format(extent=loop.extent), _KNOWN, _BIND)
        )
    extents = {each.loop_var: extent_of(each, loops) for each in outer}
    return int(np.max(evaluate(loop.extent, _grid(outer, extents))))


def _bounds(loops: Sequence[tirx.For]) -> list[Guard]:
    """For each loop whose extent is not fixed: its variable stays below its end."""
    guards = []
    for loop in loops:
        if constant(loop.extent) is None:
            asked = {var for each in (loop.min, loop.extent) for var in nodes(each, tirx.Var)}
            guards.append(Guard(frozenset({loop.loop_var, *asked}), partial(_is_inside, loop)))
        elif asked := set(nodes(loop.min, tirx.Var)):  # a condition on it has to know where it begins
            guards.append(Guard(frozenset({loop.loop_var, *asked}), lambda _: True))
    return guards


def _is_inside(loop: tirx.For, values: dict[Any, Any]) -> Any:
    return values[loop.loop_var] < evaluate(loop.min, values) + evaluate(loop.extent, values)


def _joined(guards: Sequence[Guard]) -> list[set[Any]]:
    """The variables of the guards, those in one group that some guard asks about together."""
    groups: list[set[Any]] = []
    for each in guards:
        touching = [group for group in groups if group & each.variables]
        groups = [group for group in groups if not group & each.variables]
        if each.variables:
            groups.append(set(each.variables).union(*touching))
    return groups


def _cases(loops: Sequence[tirx.For], extents: dict[Any, int], guards: Sequence[Guard]) -> int:
    """Combinations of the loops' variables for which all guards on them hold."""
    cases = math.prod(extents[loop.loop_var] for loop in loops)
    if cases > _MOST_CASES:
        raise ValueError(refused(_CONDITIONS, _CASES.format(cases=cases), _FEWER.format(most=_MOST_CASES)))
    values = _grid(loops, extents)
    holds = np.ones(tuple(extents[loop.loop_var] for loop in loops), bool)
    for each in guards:
        if each.variables and each.variables <= values.keys():
            holds &= np.asarray(each.holds(values), bool)
    return int(holds.sum())


def _grid(loops: Sequence[tirx.For], extents: dict[Any, int]) -> dict[Any, np.ndarray]:
    """Values of the loops' variables, one axis for each loop."""
    values: dict[Any, np.ndarray] = {}
    for axis, loop in enumerate(loops):
        shape = [1] * len(loops)
        shape[axis] = -1
        values[loop.loop_var] = evaluate(loop.min, values) + np.arange(extents[loop.loop_var]).reshape(shape)
    return values
