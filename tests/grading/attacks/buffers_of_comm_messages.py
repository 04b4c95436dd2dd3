"""Sends a gigabyte in the buffers of messages that open and update widgets."""
# expects: axis=2 double=4
# %% axis-answer
from IPython import get_ipython

kernel = get_ipython().kernel
block = b"x" * (32 << 20)
for number in range(16):
    content = {"comm_id": str(number), "target_name": "jupyter.widget", "data": {"state": {"a": 1}, "buffer_paths": [["a"]]}}
    kernel.session.send(kernel.iopub_socket, "comm_open", content, kernel.get_parent(), buffers=[block])
    kernel.session.send(kernel.iopub_socket, "comm_msg", content, kernel.get_parent(), buffers=[block])
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
