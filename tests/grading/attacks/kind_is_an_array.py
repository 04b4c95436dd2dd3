"""Hands out a message whose kind is an array: a comparison with it is an array too."""
# expects: axis=0 double=0 scale=0
# %% axis-answer
import numpy as np

import mlc_course.grading.in_box.endpoint as inside

inside._exported = lambda item, answer: {"kind": np.array(["value", "missing"] == np.array(["value", "x"])), "value": '"reduction"'}
kind = "reduction"
# %% scale-answer
scale = 1
