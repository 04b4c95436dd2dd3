"""An array whose class lies about its type and shape."""
# expects: double=1
# %% double-answer
import numpy as np

class Liar(np.ndarray):
    shape = property(lambda self: (5,))
    dtype = property(lambda self: np.dtype("float32"))
    def __eq__(self, other):
        return True

def double(x):
    return np.zeros(3).view(Liar)
