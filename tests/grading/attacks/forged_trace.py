"""A trace that names no primitive of the compiler."""
# expects: split=0
# %% split-answer
import json

import mlc_course.grading.in_box.endpoint as inside

trace = json.dumps([[["PackedFunc", ["testing.echo"], [], []]], []])
inside.export = lambda item, answer: inside.Parcel({"kind": "trace", "found": "", "trace": trace})
sch = 1
