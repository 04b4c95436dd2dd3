"""A partial of a library function."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import functools
double = functools.partial(np.multiply, np.float32(2))
