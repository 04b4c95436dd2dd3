"""A right answer once, then none."""
# expects: double=4
# %% double-answer
calls = []

def double(x):
    calls.append(x)
    return 2 * x if len(calls) == 1 else None
