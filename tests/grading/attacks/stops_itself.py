"""Stops its own process instead of ending it."""
# expects: axis=2 double=0
# %% double-answer
import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)
# %% axis-answer
kind = "reduction"
