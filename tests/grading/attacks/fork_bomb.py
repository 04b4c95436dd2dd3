"""Forks for ever."""
# expects: axis=2 double=0
# %% double-answer
import os


def double(x):
    while True:
        try:
            os.fork()
        except OSError:
            pass
# %% axis-answer
kind = "reduction"
