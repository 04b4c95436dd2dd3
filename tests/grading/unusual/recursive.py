"""Calls itself on halves."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
def double(x):
    if len(x) < 2:
        return 2 * x
    half = len(x) // 2
    return np.concatenate([double(x[:half]), double(x[half:])])
