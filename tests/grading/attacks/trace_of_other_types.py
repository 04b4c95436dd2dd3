"""A trace with numbers, texts and lists where variables have to be."""
# expects: split=0
# %% split-answer
import json
import mlc_course.grading.in_box.endpoint as inside

steps = [["GetLoops", [7], [], ["l1"]], ["Split", [None, True, 1.5], ["x", []], ["l2"]]]
trace = json.dumps([steps, []])
real = inside._exported
inside._exported = lambda item, answer: (
    {"kind": "trace", "found": "", "trace": trace} if item == "split" else real(item, answer)
)
sch = 1
