"""The right word in letters that only look like it."""
# expects: axis=0
# %% axis-answer
kind = "reduct\u0456on"
