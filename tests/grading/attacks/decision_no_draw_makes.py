"""A tile drawn with a decision whose factors are no factors of the loop; the program stays right, the loops do not fit."""
# expects: split=1
# %% split-answer
import json

import mlc_course.grading.in_box.endpoint as inside

steps = [
    ["GetSBlock", [], ["B", "main"], ["b0"]],
    ["GetLoops", ["b0"], [], ["l1"]],
    ["SamplePerfectTile", ["l1"], [2, 64], ["v2", "v3"]],
    ["Split", ["l1", "v2", "v3"], [1, 0], ["l4", "l5"]],
]
trace = json.dumps([steps, [[2, [15, 5]]]])
inside.export = lambda item, answer: inside.Parcel({"kind": "trace", "found": "", "trace": trace})
sch = 1
