"""Fills a folder that is shared with the grader and shut, so that nobody can look into it."""
# expects: axis=2 double=0
# %% double-answer
import os
import time

import ipykernel

folder = os.path.join(os.path.dirname(ipykernel.get_connection_file()), "closed")
os.mkdir(folder)
inside = os.open(folder, os.O_DIRECTORY)
os.chmod(folder, 0)
for n in range(40):
    try:
        descriptor = os.open(f"{n}", os.O_CREAT | os.O_WRONLY, dir_fd=inside)
        os.ftruncate(descriptor, 2**20)
    except OSError:
        pass
time.sleep(600)


def double(x):
    return 2 * x
# %% axis-answer
kind = "reduction"
