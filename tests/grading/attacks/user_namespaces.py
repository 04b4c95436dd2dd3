"""Tries to become root in a namespace of its own."""
# expects: axis=2
# %% axis-answer
import ctypes

kind = "reduction" if ctypes.CDLL(None).unshare(0x10000000) == -1 else "spatial"
