"""A trace that splits a loop into no parts."""
# expects: split=0
# %% split-answer
import json
import mlc_course.grading.in_box.endpoint as inside

steps = [["GetSBlock", [], ["B", "main"], ["b0"]], ["GetLoops", ["b0"], [], ["l1"]], ["Split", ["l1", 0, 0], [1, 0], ["l2", "l3"]]]
trace = json.dumps([steps, []])
real = inside._exported
inside._exported = lambda item, answer: (
    {"kind": "trace", "found": "", "trace": trace} if item == "split" else real(item, answer)
)
sch = 1
