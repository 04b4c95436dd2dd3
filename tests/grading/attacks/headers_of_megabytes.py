"""Puts megabytes into the metadata, the parent and the header of its messages."""
# expects: axis=2 double=4
# %% axis-answer
from IPython import get_ipython

kernel = get_ipython().kernel
session, socket, parent = kernel.session, kernel.iopub_socket, kernel.get_parent()
large = {"x": ["y" * 1_000_000] * 20}
for _ in range(10):
    session.send(socket, "stream", {"name": "stdout", "text": "x"}, parent, metadata=large)
    session.send(socket, "stream", {"name": "stdout", "text": "x"}, {**parent, "header": {**parent["header"], **large}})
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
