"""Spreads the memory over many processes."""
# expects: axis=2 double=0
# %% double-answer
import os
import time


def double(x):
    for _ in range(60):
        if os.fork() == 0:
            hoard = bytearray(b"x") * (200 << 20)
            time.sleep(600)
    time.sleep(600)
# %% axis-answer
kind = "reduction"
