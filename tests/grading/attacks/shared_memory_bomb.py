"""Takes memory as shared between processes, which the simple way of counting leaves out."""
# expects: axis=2 double=0
# %% double-answer
import mmap
import time

hoard = [mmap.mmap(-1, 1 << 30) for _ in range(5)]
for part in hoard:
    for place in range(0, len(part), mmap.PAGESIZE):
        part[place] = 1
time.sleep(600)


def double(x):
    return 2 * x
# %% axis-answer
kind = "reduction"
