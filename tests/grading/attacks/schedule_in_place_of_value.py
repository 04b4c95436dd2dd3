"""Answers of the wrong kind everywhere."""
# expects: axis=0 double=0
# %% axis-answer
kind = lambda: "reduction"
# %% double-answer
double = "reduction"
