"""Says that the cell has ended while it still prints, and sends replies to requests that nobody made."""
# expects: axis=2 double=4
# %% axis-answer
from IPython import get_ipython

kernel = get_ipython().kernel
for _ in range(100):
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, kernel.get_parent())
    print("still here")
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, {"header": {"msg_id": "another"}})
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
