"""NumPy's format with a header that claims a petabyte."""
# expects: double=0
# %% double-answer
import mlc_course.grading.protocol.codec as wire

head = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000, 1000), }"
wire._npy = lambda array: head.ljust(127) + b"\n" + bytes(64)

def double(x):
    return 2 * x
