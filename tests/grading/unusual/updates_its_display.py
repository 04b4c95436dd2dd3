"""Shows progress in a display that it updates, from other cells too."""
# expects: axis=2 double=4 scale=3 split=3
# %% axis-answer
from IPython.display import clear_output, display

progress = display("0 %", display_id=True)
progress.update("50 %")
clear_output(wait=True)
kind = "reduction"
# %% double-answer
progress.update("100 %")


def double(x):
    return 2 * x
