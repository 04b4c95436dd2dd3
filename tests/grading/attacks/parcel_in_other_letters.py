"""Sends an answer in letters that no parcel is written in."""
# expects: axis=0 double=0
# %% axis-answer
import mlc_course.grading.in_box.endpoint as inside

inside.Parcel._repr_mimebundle_ = lambda self, **options: {inside.MIME: "é二\x80"}
