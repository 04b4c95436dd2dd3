"""An exception whose text, type and traceback raise when they are looked at."""
# expects: double=0
# %% double-answer
class Silent(BaseException):
    def __str__(self):
        raise SystemExit("no")
    __repr__ = __str__

def double(x):
    raise Silent
