"""Helpers defined in the same cell, and a global that changes."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
calls = 0

def once(v):
    return v

def double(x):
    global calls
    calls += 1
    return once(x) + once(x)
