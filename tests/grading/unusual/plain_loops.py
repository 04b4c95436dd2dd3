"""Loops over elements, slow but right."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import time

def double(x):
    y = np.empty_like(x)
    for i in range(x.shape[0]):
        y[i] = x[i] + x[i]
        time.sleep(0.05)
    return y
