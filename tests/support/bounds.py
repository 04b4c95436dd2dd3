"""What a step on a student's material costs: the bounds that tests of grading assert."""

import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mlc_ref.checks.failure import CheckFailure

RATIO = 3.3  # of CPU time for twice the size: linear is 2, quadratic 4


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU, and the most bytes that were allocated at a time."""

    seconds: float
    memory: int = 0


def cost(function: Callable[..., Any], *arguments: Any, memory: bool = True) -> Cost:
    """Call something that may refuse what it is given, and say what that took."""
    if memory:
        tracemalloc.start()
    began = time.thread_time()
    with suppress(CheckFailure):
        function(*arguments)
    seconds = time.thread_time() - began
    most = tracemalloc.get_traced_memory()[1] if memory else 0
    if memory:
        tracemalloc.stop()
    return Cost(seconds, most)


def grows_linearly(spend: Callable[[int], float], size: int) -> bool:
    """Whether twice the size takes about twice the time: the best of some tries, for the machine is shared."""
    ratios = []
    for _ in range(5):
        once, twice = spend(size), spend(2 * size)
        ratios.append(twice / max(once, 1e-3))
        if ratios[-1] <= RATIO:
            return True
    return False
