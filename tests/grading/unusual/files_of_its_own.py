"""Writes and reads a file in the working folder."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
np.save("two.npy", np.float32(2))

def double(x):
    return np.load("two.npy") * x
