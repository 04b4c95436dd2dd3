"""Sends bytes that are no message."""
# expects: axis=0 double=0
# %% axis-answer
import mlc_course.grading.in_box.endpoint as inside

inside.Parcel._repr_mimebundle_ = lambda self, **k: {inside.MIME: "AAAA/w=="}
kind = "reduction"
