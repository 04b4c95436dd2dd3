"""An array of objects, whose loading would run code."""
# expects: double=1
# %% double-answer
class Boom:
    def __reduce__(self):
        return (print, ("boom",))

def double(x):
    return np.array([Boom()], dtype=object)
