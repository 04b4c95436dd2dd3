"""A class whose construction returns the wished object."""
# expects: double=0
# %% double-answer
class double:
    def __new__(cls, x):
        return 2 * x
