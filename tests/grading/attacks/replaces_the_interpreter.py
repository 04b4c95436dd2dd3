"""Rewrites the program its process was started from, through /proc, once that program does not run any more."""
# expects: axis=0 double=1
# %% axis-answer
import os
import subprocess

written = []
for place in ("/proc/self/exe", f"/proc/{os.getppid()}/exe", "/proc/1/exe"):
    try:
        held = os.open(place, os.O_RDONLY)
        # The process that waits is another program by then, so the file is not busy on that account.
        code = "import os, sys; f = os.open(f'/proc/self/fd/{sys.argv[1]}', os.O_WRONLY); print(os.write(f, b'#!/bin/false'))"
        shown = subprocess.run(["python3", "-c", code, str(held)], pass_fds=[held], capture_output=True, text=True)
        written.append(shown.stdout)
    except OSError:
        continue
kind = "reduction" if any(written) else "spatial"
