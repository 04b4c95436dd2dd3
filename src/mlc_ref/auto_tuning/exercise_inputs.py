"""Material of the exercises: programs to schedule, a table of costs to search, a model to tune."""

import math
from collections.abc import Sequence

import tvm
from tvm import relax, te

from mlc_ref.auto_tuning.workloads import fused
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

SCORES_SHAPE = (24, 40, 36)
"""Rows, columns and reduction length of ``scores_program``."""


def scores_program() -> tvm.IRModule:
    """``Y[i, j] = sum of P[i, k] * Q[j, k]`` as one block ``Y``; sizes in ``SCORES_SHAPE``, float32."""
    rows, columns, length = SCORES_SHAPE
    left, right = te.placeholder((rows, length), name="P"), te.placeholder((columns, length), name="Q")
    k = te.reduce_axis((0, length), name="k")
    result = te.compute((rows, columns), lambda i, j: te.sum(left[i, k] * right[j, k], k), name="Y")
    return tvm.IRModule({"main": te.create_prim_func([left, right, result])})


def cycles(point: Sequence[int], secret: int = 0) -> float:
    """Cost of a point of an abstract space; equal points cost the same.

    Args:
        point: one whole number for each decision, 0 and above.
        secret: another number makes another machine.

    Returns:
        Cycles, above zero; infinite for the points this machine cannot run.
    """
    mixed = secret + 1
    total = 100.0
    for position, choice in enumerate(point):
        mixed = (mixed * 1103515245 + 12345 * (position + 1) + 7919 * int(choice)) % 2**31
        total += (mixed >> 8) % 1000
    return math.inf if (mixed >> 4) % 7 == 0 else total


_ASKED: dict[int, list[tuple[int, ...]]] = {}


def metered(point: Sequence[int], *, secret: int, search: int) -> float:
    """As ``cycles``, on a machine that measures each point once, and that gets slower with every measurement.

    Args:
        search: a number for each search; the next number begins anew.

    Raises:
        CheckFailure: the point was measured before in this search.
    """
    if search not in _ASKED:
        _ASKED.clear()
    asked, place = _ASKED.setdefault(search, []), tuple(int(choice) for choice in point)
    if place in asked:
        raise CheckFailure(
            expected=Text("each point measured once", "每个点只测量一次"),
            found=Text(f"cost({place}) asked for again", f"再次询问了 cost({place})"),
            hint=Text(
                "Every call of cost is a measurement. Keep what it gave: the history holds each point with its cost.",
                "每次调用 cost 都是一次测量。请记下它给出的结果：历史中有每个点和它的代价。",
            ),
        )
    asked.append(place)
    return metered_cycles(place, secret, len(asked))


def metered_cycles(point: Sequence[int], secret: int, number: int) -> float:
    """What ``metered`` gives for a point that is the measurement of this number, counted from 1."""
    return cycles(point, secret) * (1 + number / 1024)


def coarse_cycles(point: Sequence[int], secret: int = 0) -> float:
    """As ``cycles``, read from a clock that counts whole thousands: many points cost the same."""
    exact = cycles(point, secret)
    return exact if math.isinf(exact) else 1000.0 * math.ceil(exact / 1000)


def unusable(point: Sequence[int]) -> float:
    """A machine that can run nothing: every point costs infinitely much."""
    return math.inf * (1 + sum(point))


def scoring_model() -> tvm.IRModule:
    """A network of two layers, fused: ``main(x, w0, b0, w1, b1)``, ``(48, 60)`` to ``(48, 12)``, float32.

    Its functions are ``fused_matmul_add_relu`` with the blocks ``matmul``, ``T_add`` and ``compute``, and
    ``fused_matmul1_add1``.
    """
    shapes = {"x": (48, 60), "w0": (60, 40), "b0": (40,), "w1": (40, 12), "b1": (12,)}
    params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
    x, w0, b0, w1, b1 = params
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            hidden = builder.emit(relax.op.nn.relu(relax.op.add(relax.op.matmul(x, w0), b0)))
            scores = builder.emit_output(relax.op.add(relax.op.matmul(hidden, w1), b1))
        builder.emit_func_output(scores)
    return fused(builder.finalize())
