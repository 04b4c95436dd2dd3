"""Tries to change the installed packages, the interpreter and the course."""
# expects: axis=2
# %% axis-answer
import os
import sys

import numpy

import mlc_ref

for place in (numpy.__file__, mlc_ref.__file__, os.__file__, sys.executable):
    try:
        open(place, "a").write("#")
    except OSError:
        continue
    raise SystemExit("written")
kind = "reduction"
