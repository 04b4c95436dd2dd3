"""Raises an exception with a message of many megabytes."""
# expects: axis=0 double=4
# %% axis-answer
raise ValueError("x" * (30 << 20))
# %% double-answer
def double(x):
    return 2 * x
