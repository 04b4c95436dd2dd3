"""Answers a call with an array whose header announces a gigabyte that is not there."""
# expects: axis=2 double=0
# %% axis-answer
kind = "reduction"
# %% double-answer
import base64
import io
import json
import struct

import numpy as np

import mlc_course.grading.in_box.endpoint as inside

file = io.BytesIO()
np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (2**28,)})
header = json.dumps({"value": {"dict": [["result", {"array": 0}]]}, "blobs": [len(file.getvalue())]}).encode()
said = base64.b64encode(struct.pack(">I", len(header)) + header + file.getvalue()).decode()


class Large:
    def _repr_mimebundle_(self, **options):
        return {inside.MIME: said}


inside.call = lambda item, request: Large()


def double(x):
    return 2 * x
