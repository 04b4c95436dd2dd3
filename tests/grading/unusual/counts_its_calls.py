"""Keeps count of its calls in a global variable."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
calls = 0

def double(x):
    global calls
    calls += 1
    return x + x
