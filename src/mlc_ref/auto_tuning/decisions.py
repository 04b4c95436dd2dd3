"""The random choices in a schedule's trace: list them, replay with others, change one.

A trace is a straight list of instructions. Those that sample carry a decision: the tile sizes drawn, or
the position of the category drawn. Everything else follows from them, so a point of the search space
is the list of decisions.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import tvm
from tvm.s_tir import Schedule

from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text, for_print

Value = int | tuple[int, ...]
_COUNT = Text("values: got {got}, the trace has {made} decisions", "values：得到 {got} 个，而轨迹有 {made} 个决策")
_NO_FIT = Text(
    "{kind}: got {got}, which does not fit the module; TVM drew {found}",
    "{kind}：得到 {got}，与模块不符；TVM 采样的是 {found}",
)
_FACTORS = Text(
    "{levels} factors of {extent}, the last at most {limit}", "{extent} 的 {levels} 个因子，最后一个不超过 {limit}"
)


@dataclass(frozen=True)
class Decision:
    """One choice.

    Attributes:
        kind: ``SamplePerfectTile`` or ``SampleCategorical``.
        value: tile sizes outermost first, or the position of the category.
        limit: the largest innermost tile allowed, or the number of categories.
    """

    kind: str
    value: Value
    limit: int


@takes("Schedule")
def decisions(sch: Schedule) -> list[Decision]:
    """The choices of a schedule in the order they were made."""
    return [_decision(inst, sch.trace.decisions[inst]) for inst in _sampling(sch)]


def _sampling(sch: Schedule) -> list:
    return [inst for inst in sch.trace.insts if inst in sch.trace.decisions]


def _decision(inst, value) -> Decision:
    kind = str(inst.kind.name)
    if kind == "SamplePerfectTile":
        return Decision(kind, tuple(int(each) for each in value), int(inst.attrs[1]))
    if kind == "SampleCategorical":
        return Decision(kind, int(value), len(inst.attrs[0]))
    raise invalid(
        f"instruction: got {kind}, allowed SamplePerfectTile and SampleCategorical",
        f"instruction：得到 {kind}，允许的是 SamplePerfectTile 和 SampleCategorical",
    )


@takes("IRModule")
def with_values(mod: tvm.IRModule, sch: Schedule, values: Sequence[Value]) -> Schedule:
    """Replay a schedule's trace on ``mod`` with other choices.

    Args:
        values: one for each of ``decisions(sch)``, in order.

    Raises:
        ValueError: another number of values, one outside its limits, or values that do not fit the loops of
            ``mod``, on which TVM would draw others in silence.
        tvm.s_tir.ScheduleError: a later step is illegal with these choices.
    """
    made = decisions(sch)
    _require_as_many(values, made)
    trace = sch.trace
    for inst, decision, value in zip(_sampling(sch), made, values, strict=True):
        _require_allowed(decision, value)
        # with_decision makes a new trace that shares the instructions.
        trace = trace.with_decision(inst, list(value) if isinstance(value, tuple) else value, remove_postproc=False)
    fresh = Schedule(mod)
    trace.apply_to_schedule(fresh, remove_postproc=False)
    replayed = [each.value for each in decisions(fresh)]
    for decision, value, found in zip(made, values, replayed, strict=True):
        _require_drawn(decision, value, found)
    return fresh


def _require_as_many(values: Sequence[Value], made: Sequence[Decision]) -> None:
    if len(values) != len(made):
        raise ValueError(for_print(_COUNT.format(got=len(values), made=len(made))))


def _require_drawn(decision: Decision, value: Value, found: Value) -> None:
    if value != found:
        raise ValueError(for_print(_NO_FIT.format(kind=decision.kind, got=value, found=found)))


def _require_allowed(decision: Decision, value: Value) -> None:
    if isinstance(decision.value, int):
        allowed = isinstance(value, int) and 0 <= value < decision.limit
        needed = Text(f"0 to {decision.limit - 1}", f"0 到 {decision.limit - 1}")
    else:
        extent, levels = math.prod(decision.value), len(decision.value)
        allowed = isinstance(value, tuple) and _is_tiling(value, extent, levels, decision.limit)
        needed = _FACTORS.format(levels=levels, extent=extent, limit=decision.limit)
    if not allowed:
        raise ValueError(refused(decision.kind, value, needed))


def _is_tiling(tiles: tuple[int, ...], extent: int, levels: int, limit: int) -> bool:
    return len(tiles) == levels and min(tiles) >= 1 and math.prod(tiles) == extent and tiles[-1] <= limit


def mutate(made: Sequence[Decision], rng: random.Random) -> list[Value]:
    """Change one choice: move a factor from one tile level to another, or draw another category.

    Choices that cannot be anything else stay; so the result may equal the original.
    """
    values: list[Value] = [each.value for each in made]
    position = rng.randrange(len(made))
    chosen = made[position]
    if isinstance(chosen.value, int):
        values[position] = rng.randrange(chosen.limit)
    else:
        values[position] = _move_factor(chosen.value, chosen.limit, rng)
    return values


def _move_factor(original: tuple[int, ...], limit: int, rng: random.Random) -> tuple[int, ...]:
    tiles = list(original)
    givers = [level for level, size in enumerate(tiles) if size > 1]
    if not givers or len(tiles) < 2:
        return original
    giver = rng.choice(givers)
    taker = rng.choice([level for level in range(len(tiles)) if level != giver])
    factor = rng.choice(_divisors(tiles[giver])[1:])
    tiles[giver] //= factor
    tiles[taker] *= factor
    return tuple(tiles) if tiles[-1] <= limit else original


def _divisors(number: int) -> list[int]:
    return [d for d in range(1, number + 1) if number % d == 0]
