"""Puts a report with full marks in place of the message that carries an answer."""
# expects: axis=0 double=0
# %% axis-answer
import mlc_course.grading.in_box.endpoint as inside

report = {"name": "axis", "score": 2, "points": 2, "parts": [{"name": "kind", "earned": 2, "points": 2}]}
inside.export = lambda item, answer: inside.Parcel({"report": report})
kind = "spatial"
