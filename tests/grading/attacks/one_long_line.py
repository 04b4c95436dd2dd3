"""Prints one line of fifty million characters, in pieces and at once."""
# expects: axis=2 double=4
# %% axis-answer
import sys

print("x" * 50_000_000)
for _ in range(200):
    sys.stdout.write("y" * 100_000)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
