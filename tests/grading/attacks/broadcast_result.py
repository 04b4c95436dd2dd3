"""One number that claims to be an array of any length."""
# expects: double=1
# %% double-answer
import numpy as np

def double(x):
    return np.broadcast_to(np.float32(1), (1 << 40,))
