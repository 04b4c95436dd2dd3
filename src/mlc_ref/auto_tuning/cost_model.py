"""Features of a schedule, and a model that predicts its cost from them.

A search asks the model about many candidates and measures only the few it ranks first. The model sees
numbers computed from the program after scheduling, never the decisions themselves, so what it learns
carries over to other sizes and spaces. Learning to rank tensor programs from such features goes back to
Chen et al., *Learning to Optimize Tensor Programs* (NeurIPS 2018).
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.nests import main_nest
from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text

_KINDS = ("parallel", "vectorized", "unrolled", "serial")
_DEPTHS = 6
_BUFFERS = 3
FEATURES = (
    *(f"log2 {kind} iterations" for kind in _KINDS),
    *(f"log2 extent of loop {depth} from inside" for depth in range(_DEPTHS)),
    *(f"log2 lines of buffer {b} in the inner {d + 1} loops" for b in range(_BUFFERS) for d in range(_DEPTHS)),
)
"""Names of the features, in order."""


@takes("Schedule")
def features(sch: Schedule) -> np.ndarray:
    """The features of a schedule's main nest.

    Returns:
        float64, one number for each of ``FEATURES``; zero where a schedule has fewer loops or buffers.
    """
    nest = main_nest(sch)
    depth = len(nest.levels)
    row = [math.log2(nest.extent_of(kind)) for kind in _KINDS]
    extents = [math.log2(level.extent) for level in reversed(nest.levels)]
    row += [extents[d] if d < depth else 0.0 for d in range(_DEPTHS)]
    for position in range(_BUFFERS):
        for inner in range(1, _DEPTHS + 1):
            known = position < len(nest.accesses)
            row.append(math.log2(nest.lines(nest.accesses[position], max(depth - inner, 0))) if known else 0.0)
    return np.array(row)


class CostModel:
    """Regression of the logarithm of the cost on the features.

    Args:
        kind: ``"ridge"``, a linear model, which needs few samples; or ``"trees"``, boosted decision
            trees, which can learn that a tile is best when neither too small nor too large.
    """

    def __init__(self, kind: Literal["ridge", "trees"] = "trees"):
        self._estimator = _estimator(kind)
        self._fitted = False

    def fit(self, schedules: Sequence[Schedule], costs: Sequence[float]) -> None:
        """Learn from measured schedules; those whose cost is not finite are left out."""
        kept = [(features(s), math.log(c)) for s, c in zip(schedules, costs, strict=True) if math.isfinite(c)]
        if len(kept) >= 2:
            rows, targets = zip(*kept, strict=True)
            self._estimator.fit(np.array(rows), np.array(targets))
            self._fitted = True

    def predict(self, schedules: Sequence[Schedule]) -> np.ndarray:
        """Predicted costs, in the unit of the measured ones; equal for all before anything was learnt."""
        if not self._fitted or not schedules:
            return np.ones(len(schedules))
        return np.exp(self._estimator.predict(np.array([features(s) for s in schedules])))


def _estimator(kind: str):
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if kind == "ridge":
        return make_pipeline(StandardScaler(), Ridge(alpha=1.0))
    if kind == "trees":
        return GradientBoostingRegressor(n_estimators=60, max_depth=4, random_state=0)
    raise ValueError(refused("kind", repr(kind), Text("'ridge' and 'trees'", "'ridge' 和 'trees'")))


def rank_agreement(predicted: Sequence[float], measured: Sequence[float]) -> float:
    """The share of pairs that a prediction puts in the measured order: 1 perfect, 0.5 chance.

    A search needs the order of candidates, not their cost. Pairs of equal cost do not count.

    Raises:
        ValueError: no two measured costs differ.
    """
    agree = pairs = 0
    for i in range(len(measured)):
        for j in range(i):
            if measured[i] != measured[j]:
                pairs += 1
                agree += (predicted[i] < predicted[j]) == (measured[i] < measured[j])
    if not pairs:
        raise invalid(
            "measured: got equal costs only, allowed at least two that differ",
            "measured：得到全部相等的代价，允许的是至少两个不同的代价",
        )
    return agree / pairs
