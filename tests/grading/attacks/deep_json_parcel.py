"""A message of JSON nested a hundred thousand levels deep."""
# expects: axis=0 double=0
# %% axis-answer
import base64
import struct

import mlc_course.grading.in_box.endpoint as inside

header = b'{"value":' + b'{"list":[' * 100000 + b"]}" * 100000 + b',"blobs":[]}'
deep = base64.b64encode(struct.pack(">I", len(header)) + header).decode()
inside.Parcel._repr_mimebundle_ = lambda self, **k: {inside.MIME: deep}
kind = "reduction"
