"""Updates outputs that no cell has, and forges messages that no notebook can hold."""
# expects: axis=2 double=0
# %% axis-answer
from IPython.display import display

handle = display("here", display_id=True)
kind = "reduction"
# %% double-answer
from IPython.display import clear_output

kernel = get_ipython().kernel


def send(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent(), ident=kind.encode())


handle.update("elsewhere")
clear_output()
handle.update("gone")
send("stream", {"name": "evil", "text": "half of a character: \ud800 and nothing: \x00"})
send("stream", {"name": "stdout", "text": {"a": 1}})
send("display_data", {"data": {"text/plain": ["a", 1], "image/png": 5}, "metadata": []})
send("execute_result", {"data": {"text/plain": "4"}, "metadata": {}, "execution_count": "many"})
send("error", {"ename": 1, "evalue": None, "traceback": [1, {}]})


def double(x):
    return 3 * x
