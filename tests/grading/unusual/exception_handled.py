"""An error that the cell handles, and one in a cell that does not matter."""
# expects: axis=2 double=4 scale=3 split=3
# %% axis-answer
try:
    1 / 0
except ZeroDivisionError:
    kind = "reduction"
