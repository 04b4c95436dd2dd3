"""A value whose JSON has the right answer and a wrong one under one key."""
# expects: axis=0 double=0
# %% axis-answer
import mlc_course.grading.in_box.endpoint as inside

inside.export = lambda item, answer: inside.Parcel(
    {"kind": "value", "found": "", "value": '{"a": "spatial", "a": "reduction"}'})
kind = "spatial"
