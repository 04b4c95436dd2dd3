"""Sleeps for a day in the answer cell; later cells are graded."""
# expects: axis=0 double=4
# %% axis-answer
import time

time.sleep(86400)
# %% double-answer
def double(x):
    return 2 * x
