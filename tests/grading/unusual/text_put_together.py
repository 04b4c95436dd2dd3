"""The value is put together from pieces."""
# expects: axis=2 double=4 scale=3 split=3
# %% axis-answer
parts = ["reduc", "tion"]
kind = "".join(parts)
