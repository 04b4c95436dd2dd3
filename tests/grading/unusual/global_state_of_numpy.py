"""Changes NumPy's error handling and print options."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
np.seterr(all="raise")
np.set_printoptions(precision=2)
np.random.seed(1)

def double(x):
    return np.add(x, x)
