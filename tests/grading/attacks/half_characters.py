"""Answers and messages with halves of characters, which no file can hold."""
# expects: axis=0 double=0
# %% axis-answer
kind = "reduction\ud800"
print("\ud800")
# %% double-answer
def double(x):
    raise ValueError("\ud800 \x00")
