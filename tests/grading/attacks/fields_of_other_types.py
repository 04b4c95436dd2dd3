"""Hands out modules, traces and values in fields where others belong."""
# expects: axis=0 double=0 scale=0 split=0
# %% axis-answer
import numpy as np

import mlc_course.grading.in_box.endpoint as inside
from mlc_course.grading.protocol.codec import ModuleText

odd = {"axis": {"kind": "value", "value": ModuleText("{}")}, "double": {"kind": ModuleText("program")},
       "scale": {"kind": "module", "module": np.zeros(3)}, "split": {"kind": "trace", "trace": [ModuleText("[]")]}}
inside._exported = lambda item, answer: odd[item]
kind = "reduction"
# %% scale-answer
scale = 1
# %% split-answer
sch = 1
