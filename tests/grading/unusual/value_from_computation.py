"""A NumPy text as a value answer, computed from data."""
# expects: axis=2 double=4 scale=3 split=3
# %% axis-answer
kind = np.array(["spatial", "reduction"])[1].item()
