"""A method of an object."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
class Doubler:
    factor = 2

    def apply(self, x):
        return x * self.factor

double = Doubler().apply
