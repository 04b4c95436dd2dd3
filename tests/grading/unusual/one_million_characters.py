"""Looks at what it computes, all of it."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
print("x" * 1_000_000)
print(list(range(300_000)))

def double(x):
    return 2 * x
