"""Uses names of the notebook's own for other things."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
check = "a word"
checker = None
json = base64 = 3

def double(x):
    return 2 * x
