"""The right numbers with the bytes of each turned round."""
# expects: double=1
# %% double-answer
def double(x):
    return (2 * x).astype(">f4")
