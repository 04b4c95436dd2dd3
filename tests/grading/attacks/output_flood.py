"""Prints for as long as it may."""
# expects: axis=2 double=4
# %% axis-answer
for _ in range(3000):
    print("x" * 100000)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
