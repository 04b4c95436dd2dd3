"""Time programs side by side: what one row of the table needs."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

# Seconds before each turn, in which the threads that the library before left waiting, by spinning, go to sleep; TVM's
# worker spins for a third of a second.
PAUSE = 0.02 if os.environ.get("TVM_NUM_THREADS", "1") == "1" else 0.4
TRIES = 5
PATIENCE = 10.0  # seconds of one contest
DISTURBED = 0.25  # of one core's time
_STAT = Path("/proc/stat")
RING_BYTES = 64 * 2**20  # inputs are rotated through about so many bytes


@dataclass
class Row:
    """One line of the table.

    Attributes:
        work: what is computed, with its size; ``group`` the part of the table it stands in.
        program: the course's program, one of the names in ``seconds``.
        seconds: of one call, the median over the rounds, for the program and each of its peers.
        peer: the fastest peer.
        ratio: its time by the program's: the median over the rounds.
        goal: the least ``ratio`` that was aimed at, if any.
        error: the largest difference from the oracle, by the largest value of the oracle.
        operations: of one call, floating-point or integer, if that says something.
        disturbed: share of the turns in which other processes took what the contender needed, however often repeated.
    """

    group: str
    work: str
    threads: int
    program: str
    seconds: dict[str, float]
    peer: str
    ratio: float
    goal: float | None = None
    compile_seconds: float | None = None
    error: float | None = None
    operations: int | None = None
    disturbed: float = 0.0

    def as_json(self) -> dict:
        return {**asdict(self), "met": self.goal is None or self.ratio >= self.goal}


@dataclass
class Contest:
    """The course's program and its peers on the same work; call ``row`` once all are in.

    A contender is called with the number of the call, by which it takes its inputs from a ring.
    """

    group: str
    work: str
    threads: int
    oracle: np.ndarray | None = None
    tolerance: float = 1e-4
    contenders: dict[str, Callable[[int], object]] = field(default_factory=dict)
    errors: dict[str, float] = field(default_factory=dict)
    disturbed: float = 0.0

    def add(self, name: str, call: Callable[[int], object], result: Callable[[], np.ndarray] | None = None) -> None:
        """Add a contender; the result of call 0 is compared with the oracle first.

        Raises:
            ValueError: the result is further from the oracle than ``tolerance``.
        """
        call(0)
        if result is not None and self.oracle is not None:
            scale = float(np.abs(self.oracle).max()) or 1.0
            error = float(np.abs(result().astype("float64").reshape(self.oracle.shape) - self.oracle).max()) / scale
            if not error <= self.tolerance:
                raise ValueError(
                    f"{self.work}: {name} differs from the oracle by {error:.1e}, allowed {self.tolerance}"
                )
            self.errors[name] = error
        self.contenders[name] = call

    def time(self, rounds: int = 5, slice_seconds: float = 0.05) -> dict[str, list[float]]:
        """Seconds of one call in each round; in every round the contenders take turns."""
        calls = {name: _calls(f, slice_seconds) for name, f in self.contenders.items()}
        times: dict[str, list[float]] = {name: [] for name in self.contenders}
        patience = time.perf_counter() + PATIENCE
        for number in range(rounds):
            for name, f in self.contenders.items():
                time.sleep(PAUSE)
                seconds, disturbed = _slice(f, calls[name], number, patience)
                times[name].append(seconds)
                self.disturbed += disturbed / (rounds * len(self.contenders))
        return times

    def rows(self, *pairs: tuple[str, list[str], float | None], rounds: int = 5, **facts) -> list[Row]:
        """Rows from one timing: for each, the program, the names of its peers, and the goal."""
        times = self.time(rounds)
        medians = {name: statistics.median(each) for name, each in times.items()}
        result = []
        for program, peers, goal in pairs:
            peer = min(peers, key=lambda name: medians[name])
            ratio = statistics.median(b / a for a, b in zip(times[program], times[peer], strict=True))
            seconds = {name: medians[name] for name in (program, *peers)}
            compile_seconds = facts.get("compiled", {}).get(program)
            result.append(
                Row(self.group, self.work, self.threads, program, seconds, peer, ratio, goal, compile_seconds,
                    self.errors.get(program), facts.get("operations"), self.disturbed)
            )  # fmt: skip
        return result


def _slice(call: Callable[[int], object], count: int, number: int, patience: float) -> tuple[float, bool]:
    """Seconds of one call; measured again, up to ``TRIES`` times, while other processes take the processor.

    Args:
        count: calls in a turn; ``number`` of the turn.
        patience: the time after which no turn is repeated.
    """
    idle_cores = (os.cpu_count() or 1) - int(os.environ.get("TVM_NUM_THREADS", "1"))  # others may have them
    least_disturbed = (float("inf"), 0.0)
    for _ in range(TRIES):
        call(0)
        call(1)
        others, start = _busy_elsewhere(), time.perf_counter()
        for i in range(number * count, number * count + count):
            call(i)
        seconds = time.perf_counter() - start
        disturbed = (_busy_elsewhere() - others) / seconds
        least_disturbed = min(least_disturbed, (disturbed, seconds / count))
        if disturbed < idle_cores + DISTURBED or time.perf_counter() > patience:
            break
        time.sleep(PAUSE)
    return least_disturbed[1], least_disturbed[0] >= idle_cores + DISTURBED


def _busy_elsewhere() -> float:
    """Processor seconds that all other processes have used so far, as Linux counts them; 0 elsewhere."""
    if not _STAT.is_file():
        return 0.0
    user, nice, system, _idle, _wait, *interrupts = map(int, _STAT.read_text().split("\n", 1)[0].split()[1:9])
    own = os.times()
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK") - own.user - own.system


def _calls(call: Callable[[int], object], seconds: float) -> int:
    time.sleep(PAUSE)
    call(0)
    start = time.perf_counter()
    call(1)
    once = time.perf_counter() - start
    return max(1, int(seconds / max(once, 1e-7)))


def ring_length(bytes_of_one: int) -> int:
    """How many sets of inputs to rotate through: 64 MiB of them, at least 3 and at most 32."""
    return int(min(32, max(3, RING_BYTES // max(1, bytes_of_one))))
