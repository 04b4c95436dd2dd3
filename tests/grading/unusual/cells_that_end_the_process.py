"""The first cell crashes the interpreter; the answers do not depend on it."""
# expects: axis=2 double=4 scale=3 split=3
# %% setup
import os

os._exit(1)
