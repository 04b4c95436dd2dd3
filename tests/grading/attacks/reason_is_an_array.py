"""Gives an array as the reason why it has no answer, in the one item and in the other lists, numbers and dicts."""
# expects: axis=0 double=0 scale=0
# %% axis-answer
import numpy as np

import mlc_course.grading.in_box.endpoint as inside

reasons = {"axis": np.zeros(5), "scale": [np.zeros((3, 0))] * 9}
inside._exported = lambda item, answer: {"kind": "other", "why": reasons.get(item, {}), "found": np.ones(2)}
kind = "reduction"
# %% scale-answer
scale = 1
