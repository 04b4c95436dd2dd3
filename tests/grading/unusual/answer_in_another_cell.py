"""The answer cell is empty; the answer is defined where the other one is."""
# expects: axis=2 double=4 scale=3 split=3
# %% axis-answer
kind = "reduction"

def double(x):
    return 2 * x
# %% double-answer
pass
