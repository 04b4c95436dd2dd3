"""Answers to the exercises on tuning, right and wrong: searches and rules of acceptance."""

import itertools
import math
import random

import numpy as np

from mlc_ref.auto_tuning.search import accepts


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


class Draw:
    """A generator that gives one number."""

    def __init__(self, number):
        self.number = number

    def random(self):
        return self.number


def from_the_chapter(parents, children, temperature, draws):
    rows = zip(parents, children, draws, strict=True)
    return [accepts(parent, child, temperature, Draw(drawn)) for parent, child, drawn in rows]
