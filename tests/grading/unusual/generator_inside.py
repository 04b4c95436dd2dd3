"""Goes through a generator, element by element."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
def double(x):
    return np.fromiter((2 * value for value in x), x.dtype, len(x))
