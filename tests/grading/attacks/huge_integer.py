"""A value that is an integer of a million digits."""
# expects: axis=0
# %% axis-answer
kind = 10**1000000
