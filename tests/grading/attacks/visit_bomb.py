"""A module's JSON whose parts are shared so often that a walk never ends."""
# expects: scale=0
# %% scale-answer
import json

import mlc_course.grading.in_box.endpoint as inside
from mlc_course.grading.protocol.codec import ModuleText

nodes = [{"type": "None"}] + [{"type": "ffi.Array", "data": [n, n]} for n in range(80)]
text = json.dumps({"root_index": 80, "nodes": nodes})
inside.export = lambda item, answer: inside.Parcel({"kind": "module", "found": "", "module": ModuleText(text)})
scale = 1
