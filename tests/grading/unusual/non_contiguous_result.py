"""A result that is a strided view."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
def double(x):
    return np.repeat(2 * x, 2)[::2]
