"""A limit on the time of a check that runs in the learner's own process."""

import contextlib
import signal
import threading
from collections.abc import Iterator

SECONDS = 300  # of a check in a notebook, and of a cell in `mlc check`
GRACE = 2  # seconds more until `mlc check` ends the process of a cell: a check that interrupts itself keeps its report


class OutOfTime(BaseException):
    """The time is up. No ``Exception``, so that ``except Exception`` in an answer lets it pass."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in the block after so many seconds, and every second from then on should it be caught.

    It needs the main thread and a system with interval timers (Linux, macOS). Elsewhere the block runs without a
    limit; there the learner interrupts the kernel. Native code is interrupted once it returns to Python.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    over = False

    def ring(_number: int, _frame: object) -> None:
        if not over:
            raise OutOfTime

    former = signal.signal(signal.SIGALRM, ring)
    waiting = signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, *waiting)
        signal.signal(signal.SIGALRM, former or signal.SIG_DFL)
