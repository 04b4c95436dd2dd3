"""The input itself, doubled in place, seen through a view: right numbers, but the input is not left alone."""
# expects: double=3
# %% double-answer
import numpy as np


def double(x):
    return np.add(x, x, out=x)[::1]
