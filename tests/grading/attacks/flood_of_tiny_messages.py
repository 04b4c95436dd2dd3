"""Sends as many messages as it can, each of almost nothing."""
# expects: axis=2 double=4
# %% axis-answer
import time

from IPython import get_ipython

kernel = get_ipython().kernel
until = time.monotonic() + 3
while time.monotonic() < until:
    kernel.send_response(kernel.iopub_socket, "stream", {"name": "stdout", "text": "."})
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
