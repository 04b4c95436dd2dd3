"""Measures how long its cells take."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
%%time
def double(x):
    return 2 * x
# %% axis-answer
%%capture output
kind = "reduction"
print(kind)
