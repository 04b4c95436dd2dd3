"""Hands out a value nested deeper than the messages in which it would travel."""
# expects: axis=0 double=4
# %% axis-answer
import mlc_course.grading.in_box.endpoint as inside

exported = inside._exported
inside._exported = lambda item, answer: (
    {"kind": "value", "found": "str", "value": "[" * 700 + "]" * 700} if item == "axis" else exported(item, answer)
)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
