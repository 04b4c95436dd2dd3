"""Shows integers of more than 64 bits, and numbers that are none."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
from IPython.display import JSON, display

display(JSON({"large": 2**100, "nan": None}))
print(2**5000)

def double(x):
    return 2 * x

2**200
# %% axis-answer
kind = "reduction"
2**64, float("nan")
