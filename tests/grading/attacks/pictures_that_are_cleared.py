"""Shows a thousand large pictures, each under a name of its own, and clears them each time."""
# expects: axis=2 double=4
# %% axis-answer
from IPython.display import clear_output, publish_display_data

for number in range(1000):
    publish_display_data({"image/png": "A" * 800_000}, transient={"display_id": str(number)})
    clear_output()
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
