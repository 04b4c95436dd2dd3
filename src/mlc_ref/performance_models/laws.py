"""Laws of performance that need no machine: Little's, Amdahl's, and when additions that wait for one another can begin."""

from collections.abc import Sequence

from mlc_ref.kinds import refused
from mlc_ref.language import Text

_NOT_NEGATIVE = Text("numbers from 0 on", "不小于 0 的数")
_POSITIVE = Text("numbers above 0", "大于 0 的数")
_SHARE = Text("a share from 0 to 1", "0 到 1 之间的比例")
_SHARES = Text("shares that add up to 1 at most", "合计不超过 1 的比例")


def in_flight(latency_ns: float, rate: float) -> float:
    """How many must be under way for the rate to be kept up: Little's law, ``L = lambda * W``.

    With a rate in 10**9 bytes a second, bytes; in 10**9 operations a second, operations. J. D. C. Little, "A proof for the
    queuing formula", Operations Research 9(3), 1961.

    Args:
        latency_ns: nanoseconds from the beginning of one to its end.
        rate: 10**9 a second.

    Raises:
        ValueError: a negative number.
    """
    for name, value in (("latency_ns", latency_ns), ("rate", rate)):
        if not value >= 0:
            raise ValueError(refused(name, value, _NOT_NEGATIVE))
    return latency_ns * rate


def attainable_rate(latency_ns: float, under_way: float) -> float:
    """10**9 a second that so many under way give: one chain of additions that take 1 ns each gives 1.

    Raises:
        ValueError: a latency that is not above 0, or a negative number.
    """
    if not latency_ns > 0:
        raise ValueError(refused("latency_ns", latency_ns, _POSITIVE))
    if not under_way >= 0:
        raise ValueError(refused("under_way", under_way, _NOT_NEGATIVE))
    return under_way / latency_ns


def speedup(shares: Sequence[float], factors: Sequence[float]) -> float:
    """How many times faster the whole gets where parts of its time get faster: Amdahl's law.

    G. M. Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities",
    AFIPS 30, 1967. ``speedup([0.8], [4]) == 2.5``.

    Args:
        shares: of the time before, one for each part that changes; what they leave over stays as it is.
        factors: how many times faster each of these parts gets; infinite where it vanishes.

    Raises:
        ValueError: shares that are none, or factors that are not above 0.
    """
    for share in shares:
        if not 0 <= share <= 1:
            raise ValueError(refused("shares", share, _SHARE))
    if sum(shares) > 1 + 1e-9:
        raise ValueError(refused("shares", sum(shares), _SHARES))
    for factor in factors:
        if not factor > 0:
            raise ValueError(refused("factors", factor, _POSITIVE))
    rest = max(0.0, 1 - sum(shares))
    after = rest + sum(share / factor for share, factor in zip(shares, factors, strict=True))
    return 1 / after if after else float("inf")


def issue_cycles(additions: int, accumulators: int, latency: int) -> list[tuple[int, int]]:
    """When each addition begins on a unit that begins one a cycle, dealt out in turns to the accumulators.

    An addition waits for the one before on the same accumulator, ``latency`` cycles, and for the unit.

    Args:
        additions: how many.
        accumulators: sums kept side by side.
        latency: cycles until a result can be used.

    Returns:
        For each addition its accumulator and the cycle it begins; the last one ends ``latency`` cycles later.

    Raises:
        ValueError: a number below 1.
    """
    for name, value in (("additions", additions), ("accumulators", accumulators), ("latency", latency)):
        if value < 1:
            raise ValueError(refused(name, value, _POSITIVE))
    ready = [0] * accumulators
    unit = 0
    begun = []
    for number in range(additions):
        where = number % accumulators
        begin = max(unit, ready[where])
        unit, ready[where] = begin + 1, begin + latency
        begun.append((where, begin))
    return begun
