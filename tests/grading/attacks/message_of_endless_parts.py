"""Sends one message of a million parts, which a reader would have to collect before it can look at the first."""
# expects: axis=2 double=4
# %% axis-answer
from IPython import get_ipython

kernel = get_ipython().kernel
for _ in range(3):
    kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": "x"}, kernel.get_parent(), buffers=[b""] * 300_000)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
