"""NumPy's format with a pickle inside, put on the wire by hand."""
# expects: double=0
# %% double-answer
import io
import os

import mlc_course.grading.protocol.codec as wire


class Boom:
    def __reduce__(self):
        return (os._exit, (0,))
def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.array([Boom()], dtype=object), allow_pickle=True)
    return file.getvalue()
wire._npy = npy

def double(x):
    return 2 * x
