"""Asks for more memory than the box has."""
# expects: double=0
# %% double-answer
def double(x):
    hoard = []
    while True:
        hoard.append(bytearray(1 << 28))
