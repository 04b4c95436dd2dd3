"""Ends the process in three of four answer cells, and in the call of the fourth."""
# expects: axis=0 double=0 scale=0 split=0
# %% axis-answer
import os

os._exit(0)
# %% double-answer
import os


def double(x):
    os._exit(0)
# %% scale-answer
import os

os.kill(os.getpid(), 9)
# %% split-answer
import ctypes

ctypes.string_at(0)
