"""A function behind decorators."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import functools

def noted(f):
    @functools.wraps(f)
    def inner(*args):
        return f(*args)
    return inner

@noted
@noted
def double(x):
    return 2 * x
