"""Ends the Python process in the answer cell; what does not depend on it is graded."""
# expects: axis=0 double=4
# %% axis-answer
import os

os._exit(0)
# %% double-answer
def double(x):
    return 2 * x
