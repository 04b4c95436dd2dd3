"""Builds the answer of small functions without names."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
twice = lambda a: a * 2
apply = lambda f, *a: f(*a)
double = lambda x: apply(twice, x)
