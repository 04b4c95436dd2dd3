"""Tries to mount a file system and to leave the root folder."""
# expects: axis=2
# %% axis-answer
import ctypes
import os

libc = ctypes.CDLL(None)
free = [libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0]
try:
    os.chroot("/tmp")
    free.append(True)
except OSError:
    pass
kind = "spatial" if any(free) else "reduction"
