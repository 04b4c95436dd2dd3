"""Redraws a picture a hundred times and clears it each time."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
from IPython.display import clear_output, display, publish_display_data

handle = display("start", display_id=True)
for frame in range(100):
    clear_output(wait=True)
    publish_display_data({"image/png": "iVBORw0KGgo=" * 20_000, "text/plain": f"frame {frame}"})
    handle.update(frame)

def double(x):
    return 2 * x
