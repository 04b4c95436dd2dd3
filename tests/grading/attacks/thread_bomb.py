"""Starts threads for ever."""
# expects: axis=2 double=0
# %% double-answer
import threading
import time


def double(x):
    while True:
        threading.Thread(target=time.sleep, args=(600,)).start()
# %% axis-answer
kind = "reduction"
