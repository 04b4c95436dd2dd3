"""A value nested a thousand levels deep."""
# expects: axis=0
# %% axis-answer
kind = "spatial"
for _ in range(1000):
    kind = [kind]
