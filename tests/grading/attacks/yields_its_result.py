"""A generator in place of a result."""
# expects: double=1
# %% double-answer
def double(x):
    yield 2 * x
