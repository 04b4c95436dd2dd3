"""Hands out four megabytes of empty lists, which take a hundred times that in memory."""
# expects: axis=0 double=4
# %% axis-answer
import base64
import struct

import mlc_course.grading.in_box.endpoint as inside

header = b'{"value":{"list":[' + b"[]," * 1_300_000 + b'[]]},"blobs":[]}'
said = base64.b64encode(struct.pack(">I", len(header)) + header).decode()
bundle = inside.Parcel._repr_mimebundle_
inside.Parcel._repr_mimebundle_ = lambda self, **k: {inside.MIME: said} if self._message.get("kind") == "value" else bundle(self, **k)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
