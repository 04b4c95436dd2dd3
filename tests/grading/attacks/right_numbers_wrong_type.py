"""Returns the right numbers as a list."""
# expects: double=1
# %% double-answer
def double(x):
    return (2 * x).tolist()
