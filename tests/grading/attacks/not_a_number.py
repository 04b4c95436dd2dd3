"""A value that compares false with everything."""
# expects: axis=0
# %% axis-answer
kind = float("nan")
