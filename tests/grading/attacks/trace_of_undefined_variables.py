"""A trace that splits a loop which no step names."""
# expects: split=0
# %% split-answer
import json
import mlc_course.grading.in_box.endpoint as inside

steps = [["Split", ["l999", 15, 4], [1, 0], ["l2", "l3"]]]
trace = json.dumps([steps, []])
real = inside._exported
inside._exported = lambda item, answer: (
    {"kind": "trace", "found": "", "trace": trace} if item == "split" else real(item, answer)
)
sch = 1
