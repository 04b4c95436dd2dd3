"""A lambda in place of a def."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
double = lambda x: x * 2
