"""Answers each call with something that is neither a result nor a failure."""
# expects: axis=2 double=0
# %% axis-answer
import itertools

import numpy as np

import mlc_course.grading.in_box.endpoint as inside
from mlc_course.grading.protocol.codec import ModuleText

odd = itertools.cycle([np.zeros(3), [], None, "x" * 100_000, {"failure": np.zeros(3)}, {"failure": {"found": np.ones(2)}},
                       {"result": ModuleText("{}")}, {"result": 1, "failure": 2}, {"failure": [["x"] * 1000] * 100}])
inside.call = lambda item, request: inside.Parcel(next(odd))
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
