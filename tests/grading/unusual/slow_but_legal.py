"""Takes its time in the cell and in every call, within what is allowed."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import time

time.sleep(4)


def double(x):
    until = time.monotonic() + 4
    while time.monotonic() < until:
        pass
    return 2 * x
