"""Prints, also a number that looks like a score."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
print(0)
print("\n".join(map(str, range(2000))))

def double(x):
    print(x)
    return x + x
