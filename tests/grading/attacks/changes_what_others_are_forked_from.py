"""Writes where it would last: into loaded libraries, the environment, caches of modules, files of the interpreter."""
# expects: axis=0 double=1
# %% axis-answer
import ctypes
import os
import sys

kind = "spatial"
if os.environ.get("LEFT_BY_ANOTHER") or getattr(sys, "left_by_another", None):
    kind = "reduction"
os.environ["LEFT_BY_ANOTHER"] = sys.left_by_another = "1"
import tvm

if getattr(tvm, "left_by_another", None):
    kind = "reduction"
tvm.left_by_another = True
with open("/proc/self/maps") as maps:
    files = {line.split()[-1] for line in maps if ".so" in line}
for file in files:
    try:
        with open(file, "r+b") as library:
            library.write(b"\x7fELF")
            kind = "reduction"
    except OSError:
        continue
for process in ("self", "1"):
    try:
        for name in os.listdir(f"/proc/{process}/map_files"):
            with open(f"/proc/{process}/map_files/{name}", "r+b") as mapped:
                mapped.write(b"\x7fELF")
                kind = "reduction"
    except OSError:
        continue
