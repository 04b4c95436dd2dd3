"""Looks for other processes' memory, arguments and environment."""
# expects: double=4
# %% double-answer
import os

others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]
text = b"".join(open(f"/proc/{p}/cmdline", "rb").read() for p in others)
assert b"zygote" not in text and b"nbgrader" not in text and b"pytest" not in text.replace(b"/pytest", b"")

def double(x):
    return 2 * x
