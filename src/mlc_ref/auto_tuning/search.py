"""Random search and evolutionary search over the decisions of a space, written out.

Both draw schedules, ask ``measure`` for their cost (lower is better) and remember everything. What to
measure is the caller's: seconds on a machine (``measure.CpuTimer``) or ``simulated.SimulatedCpu``.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import tvm
from tvm.s_tir import Schedule, ScheduleError

from mlc_ref.auto_tuning.cost_model import CostModel
from mlc_ref.auto_tuning.decisions import Value, decisions, mutate, with_values
from mlc_ref.auto_tuning.space import Space, draw, problem
from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text, for_print

Measure = Callable[[Schedule], float]

_NOTHING = Text(
    "space: got {draws} draws of which none can be measured, allowed a space with legal draws; the last was refused: {why}",
    "space：得到 {draws} 次采样，全都无法测量，允许的是含有合法采样的空间；最后一次被拒绝：{why}",
)


@dataclass(frozen=True)
class Candidate:
    """A measured schedule.

    Attributes:
        values: its decisions, which name it.
        cost: what ``measure`` said; infinite when it could not run.
    """

    schedule: Schedule
    values: tuple[Value, ...]
    cost: float


class History(list[Candidate]):
    """Candidates in the order they were measured.

    Attributes:
        refused: how many draws were left out, because a step was refused or the schedule has a ``problem``.
    """

    refused = 0


@takes("Schedule")
def values_of(sch: Schedule) -> tuple[Value, ...]:
    """The decisions of a schedule as plain values."""
    return tuple(each.value for each in decisions(sch))


def best(history: Sequence[Candidate]) -> Candidate:
    """The candidate of least cost, the earliest of equals.

    Raises:
        ValueError: nothing was measured.
    """
    if not history:
        raise invalid(
            "history: got nothing, allowed at least one measured candidate",
            "history：得到空的历史，允许的是至少一个测量过的候选",
        )
    return min(history, key=lambda candidate: candidate.cost)


def best_so_far(history: Sequence[Candidate]) -> list[float]:
    """After each measurement, the least cost so far: the curve by which searches are compared."""
    curve, least = [], math.inf
    for candidate in history:
        least = min(least, candidate.cost)
        curve.append(least)
    return curve


# start: random
@takes("IRModule")
def random_search(
    mod: tvm.IRModule, space: Space, measure: Measure, trials: int, *, seed: int = 1, draws: int = 20
) -> History:
    """Draw, check, measure; again until ``trials`` different valid schedules are measured.

    A draw that a step of the space refuses is counted and left out, and so is one with a ``problem``.

    Args:
        mod: the program to schedule.
        space: a stochastic schedule.
        measure: cost of a schedule.
        seed: of all draws; equal seeds give equal searches where ``measure`` is deterministic.
        draws: gives up after this many draws a trial, as a small space runs out of new schedules.

    Raises:
        ValueError: none of ``trials * draws`` draws could be measured; says why the last could not.
    """
    history = History()
    seen: set[tuple[Value, ...]] = set()
    rng = random.Random(seed)
    why: str | None = None
    for _ in range(trials * draws):
        if len(history) == trials:
            break
        try:
            sch = draw(mod, space, rng.randrange(1, 2**30))
            why = problem(sch)
        except ScheduleError as error:  # a later step forbids these tiles
            why = str(error).strip().splitlines()[-1]
        if why is not None:
            history.refused += 1
        elif values_of(sch) not in seen:
            seen.add(values_of(sch))
            history.append(Candidate(sch, values_of(sch), measure(sch)))
    if history.refused and not history:
        raise ValueError(for_print(_NOTHING.format(draws=history.refused, why=why)))
    return history


# end: random


# start: evolution
@takes("IRModule")
def evolutionary_search(
    mod: tvm.IRModule,
    space: Space,
    measure: Measure,
    trials: int,
    *,
    model: CostModel | None = None,
    batch: int = 8,
    children: int = 64,
    explore: float = 0.1,
    seed: int = 1,
) -> History:
    """Measure a first random batch; then let the best have mutated children and measure the promising ones.

    Each round fits the model to everything measured, mutates the best schedules into ``children``
    candidates, and measures the ``batch`` of them that the model ranks first, a share ``explore`` of it
    chosen at random so that the model also sees what it does not believe in.

    Args, Raises: as ``random_search``.
    """
    rng = random.Random(seed)
    model = model or CostModel()
    history = random_search(mod, space, measure, min(batch, trials), seed=seed)
    while history and len(history) < trials:
        model.fit([c.schedule for c in history], [c.cost for c in history])
        pool = offspring(mod, history, children, rng)
        if not pool:
            break
        room = min(batch, trials - len(history))
        chosen = choose(pool, model.predict(pool).tolist(), room, explore, rng)
        history += [Candidate(sch, values_of(sch), measure(sch)) for sch in chosen]
    return history


# end: evolution


@takes("IRModule")
def offspring(mod: tvm.IRModule, history: Sequence[Candidate], count: int, rng: random.Random) -> list[Schedule]:
    """Up to ``count`` new valid schedules, each one mutation away from one of the best measured."""
    seen = {candidate.values for candidate in history}
    parents = sorted(history, key=lambda candidate: candidate.cost)[: max(1, len(history) // 4)]
    pool: list[Schedule] = []
    for _ in range(4 * count):
        if len(pool) == count:
            break
        parent = rng.choice(parents).schedule
        values = tuple(mutate(decisions(parent), rng))
        if values in seen:
            continue
        seen.add(values)
        try:
            child = with_values(mod, parent, values)
        except ScheduleError:
            continue  # a later step forbids these tiles
        if problem(child) is None:
            pool.append(child)
    return pool


# start: choose
def choose(
    pool: Sequence[Schedule], predicted: Sequence[float], count: int, explore: float, rng: random.Random
) -> list[Schedule]:
    """The schedules to measure: those of least predicted cost, and a share ``explore`` taken at random.

    Raises:
        ValueError: ``explore`` is no share.
    """
    if not 0 <= explore <= 1:
        raise ValueError(refused("explore", explore, Text("0 to 1", "0 到 1")))
    order = sorted(range(len(pool)), key=lambda i: predicted[i])
    count = min(count, len(pool))
    trusted = count - round(count * explore)
    rest = order[trusted:]
    return [pool[i] for i in order[:trusted] + rng.sample(rest, count - trusted)]


# end: choose


# start: anneal
def accepts(parent_cost: float, child_cost: float, temperature: float, rng: random.Random) -> bool:
    """Whether a child replaces its parent: always if it is better, else with probability ``exp(-d / t)``.

    ``d`` is the relative loss ``child / parent - 1``. At temperature zero only improvements are taken
    (Metropolis et al., *Equation of State Calculations by Fast Computing Machines*, 1953). An infinite cost is
    that of a schedule that cannot run: such a child is never accepted.

    Raises:
        ValueError: a temperature that is negative or no number, a parent's cost that is not positive, a child's
            that is no number.
    """
    if not (temperature >= 0 and parent_cost > 0) or math.isnan(child_cost):
        raise invalid(
            f"got temperature {temperature} and costs {parent_cost} and {child_cost}, allowed 0 and above, above 0, a number",
            f"得到温度 {temperature}、父代代价 {parent_cost} 和子代代价 {child_cost}；温度要不小于 0，父代代价要大于 0，子代代价要是数",
        )
    if math.isinf(child_cost):
        return False
    if child_cost <= parent_cost:
        return True
    if temperature == 0:
        return False
    return rng.random() < math.exp(-(child_cost / parent_cost - 1) / temperature)


# end: anneal
