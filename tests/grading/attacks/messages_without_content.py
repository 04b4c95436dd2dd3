"""Sends messages whose fields are missing or of other types: an error without a name, a display of a list, a status of nothing."""
# expects: axis=2 double=4
# %% axis-answer
import contextlib

from IPython import get_ipython

kernel = get_ipython().kernel
for kind_of_message in ("stream", "error", "display_data", "execute_result", "update_display_data", "clear_output", "status",
                        "comm_open", "comm_msg", "execute_input", "iopub_welcome", "x" * 1000):
    for content in ({}, [], None, 7, "text", {"data": []}, {"data": {"text/plain": {}}}, {"transient": 3, "data": 3}, {"text": {}},
                    {"ename": 1, "evalue": [], "traceback": {}}, {"transient": {"display_id": {}}, "data": {}},
                    {"execution_state": {}}, {"wait": []}, {"traceback": [[], 1]}):
        with contextlib.suppress(Exception):
            kernel.session.send(kernel.iopub_socket, kind_of_message, content, kernel.get_parent())
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
