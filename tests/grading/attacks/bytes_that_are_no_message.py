"""Writes to the sockets what is no message: no delimiter, no JSON, frames in another order."""
# expects: axis=2 double=4
# %% axis-answer
from IPython import get_ipython

kernel = get_ipython().kernel
for parts in ([b""], [b"x"], [b"<IDS|MSG>"], [b"<IDS|MSG>"] * 8, [b"<IDS|MSG>", b"", b"[", b"{", b"{}", b"{}"],
              [b"<IDS|MSG>", b"", b"[]", b"[]", b"[]", b"[]"], [b"<IDS|MSG>", b"", b"[" * 50_000, b"{}", b"{}", b"{}"],
              [b"<IDS|MSG>", b"", b'{"msg_type": []}', b'{"msg_id": {}}', b"{}", b"\xff"], [b"y" * 10_000_000]):
    kernel.iopub_socket.send_multipart(parts)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
