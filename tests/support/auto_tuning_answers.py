"""Answers to the exercises on tuning, right and wrong: schedules, searches, rules of acceptance, tuned layers."""

import itertools
import math
import random

import numpy as np
import tvm
from tvm.s_tir import Schedule

from mlc_course.exercises.catalog import load_tasks
from mlc_course.exercises.local import judge
from mlc_ref.auto_tuning import exercise_inputs
from mlc_ref.auto_tuning.decisions import Value, decisions, with_values
from mlc_ref.auto_tuning.search import accepts
from mlc_ref.schedules.traces import replay

TASKS = {task.name: task for task in load_tasks("auto_tuning")}


def report_on(name, answer):
    return judge(TASKS[name], answer, np.random.default_rng(7))


def earned(name, answer):
    return [result.earned for result in report_on(name, answer).results]


def shuffled(cost, choices, trials, seed):
    """Every point in a random order: as random as drawing one by one."""
    points = list(itertools.product(*map(range, choices)))
    random.Random(seed).shuffle(points)
    history = [[list(point), cost(point)] for point in points[:trials]]
    usable = [pair for pair in history if pair[1] < math.inf]
    return {"history": history, "best": min(usable, key=lambda pair: pair[1], default=None)}


def with_history(choose, best=True):
    def searching(cost, choices, trials, seed):
        found = shuffled(cost, choices, trials, seed)
        history = [(point, cost(point)) for point in choose(cost, choices, trials, seed)]
        return {"history": history, "best": found["best"] if best else history[-1]}

    return searching


def repeated(_cost, choices, trials, seed):
    rng = random.Random(seed)
    return [tuple(rng.randrange(limit) for limit in choices) for _ in range(trials)]


def in_order(_cost, choices, trials, _seed):
    return list(itertools.product(*map(range, choices)))[:trials]


def cheapest(cost, choices, trials, _seed):
    return sorted(itertools.product(*map(range, choices)), key=cost)[:trials]


def accept_vectorized(parents, children, temperature, draws):
    with np.errstate(all="ignore"):
        chance = np.exp(-np.log(children / parents) / temperature) if temperature else np.zeros(len(parents))
        accepted = (children <= parents) | (draws < chance)
    accepted &= np.isfinite(children)
    best = np.argmin(parents)
    accepted[best] &= children[best] <= parents[best]
    return accepted


class Draw(random.Random):
    """A generator that gives one number."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def random(self):
        return self.number


def from_the_chapter(parents, children, temperature, draws):
    rows = zip(parents, children, draws, strict=True)
    return [accepts(parent, child, temperature, Draw(drawn)) for parent, child, drawn in rows]


LAYER = "fused_matmul_add_relu"


def scores(*, most=6, fixed=False, candidates=(1, 2, 3, 4), late=False, extra=False):
    """A schedule of the scores, varied in one respect."""
    sch = Schedule(exercise_inputs.scores_program(), seed=11)
    if late:  # another order of the draws, the start split off, k cut before the others
        k = sch.get_loops("Y")[2]
        unrolled = sch.sample_categorical(list(candidates), [1 / len(candidates)] * len(candidates))
        k0, k1 = sch.split(k, [None, unrolled])
        i, j = sch.get_loops("Y")[:2]
        columns = sch.sample_perfect_tile(j, n=3, max_innermost_factor=16)
    else:
        i, j, k = sch.get_loops("Y")
    rows = sch.sample_perfect_tile(i, n=2, max_innermost_factor=most)
    if not late:
        columns = sch.sample_perfect_tile(j, n=3, max_innermost_factor=16)
        unrolled = sch.sample_categorical(list(candidates), [1 / len(candidates)] * len(candidates))
        k0, k1 = sch.split(k, [None, int(sch.get(unrolled)) if fixed else unrolled])
    i0, i1 = sch.split(i, [int(sch.get(v)) for v in rows] if fixed else rows)
    j0, j1, j2 = sch.split(j, [int(sch.get(v)) for v in columns] if fixed else columns)
    sch.reorder(i0, j0, j1, k0, k1, i1, j2)
    sch.parallel(i0)
    sch.unroll(k1)
    sch.vectorize(j2)
    if late:
        sch.decompose_reduction("Y", k0)
    if extra:
        sch.sample_categorical([1, 2], [0.5, 0.5])
    return sch


def widest_by_counting_down(mod, text):
    sch = replay(mod, text)
    values: list[Value] = []
    for made in decisions(sch):
        if isinstance(made.value, int):
            values.append(made.limit - 1)
        else:
            length, last = int(np.prod(made.value)), made.limit
            while length % last:
                last -= 1
            values.append((length // last,) + (1,) * (len(made.value) - 2) + (last,))
    return {"module": with_values(mod, sch, values).mod, "values": np.array(values, dtype=object).tolist()}


def broken_widest(rule):
    def widest(mod, text):
        sch = replay(mod, text)
        values = [rule(made) for made in decisions(sch)]
        return {"values": values, "module": with_values(mod, sch, values).mod}

    return widest


def smallest_last(made):
    return made.limit - 1 if isinstance(made.value, int) else (math.prod(made.value), *[1] * (len(made.value) - 1))


def scheduled(steps):
    """The model with its layer scheduled by ``steps``."""
    model = exercise_inputs.scoring_model()
    name = model.get_global_var(LAYER)
    sch = Schedule(tvm.IRModule({"main": model[name].with_attr("global_symbol", "main")}))
    steps(sch)
    result = tvm.IRModule(dict(model.functions_items()))
    result[name] = sch.mod["main"].without_attr("global_symbol")
    return result


def by_thought(sch, vector=True):
    """One epilogue, a register tile, rows in parallel."""
    sch.reverse_compute_inline("compute")
    sch.set_scope("matmul", 0, "local")
    i, j, k = sch.get_loops("matmul")
    i0, i1 = sch.split(i, [12, 4])
    j0, j1 = sch.split(j, [5, 8])
    sch.reorder(i0, j0, k, i1, j1)
    sch.reverse_compute_at("T_add", j0)
    sch.parallel(i0)
    sch.unroll(i1)
    if vector:
        sch.vectorize(j1)


def edited(model, old, new):
    """The model with a piece of its text replaced."""
    assert old in model.script()
    return tvm.script.from_source(model.script().replace(old, new, 1))


def slow(sch):
    i, j, k = sch.get_loops("matmul")
    sch.reorder(i, k, j)
    sch.vectorize(j)


SECOND_PRODUCT = """        Z = T.sblock_alloc_buffer((T.int64(40),), scope="local")
        for i0 in T.parallel(T.int64(48)):
            for k in range(T.int64(60)):
                for i1 in T.vectorized(T.int64(40)):
                    with T.sblock("second"):
                        vi, vj, vk = T.axis.remap("SSR", [i0, i1, k])
                        T.reads()
                        T.writes(Z[vj])
                        Z[vj] = T.float32(0)
"""
