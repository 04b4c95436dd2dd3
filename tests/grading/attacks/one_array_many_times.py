"""A short message that mentions one large array three hundred thousand times: each mention would be a copy."""
# expects: double=0
# %% double-answer
import json
import struct

import numpy as np

import mlc_course.grading.in_box.endpoint as inside
import mlc_course.grading.protocol.codec as wire


def call(item, request):
    array = wire._npy(np.zeros(2**20))
    value = {"dict": [["result", {"list": [{"array": 0}] * 300_000}]]}
    header = json.dumps({"value": value, "blobs": [len(array)]}, separators=(",", ":")).encode()
    inside.pack = lambda message: struct.pack(">I", len(header)) + header + array
    return inside.Parcel(None)


inside.call = call


def double(x):
    return 2 * x
