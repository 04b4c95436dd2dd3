"""Updates one display twenty thousand times and clears the output a tenth as often."""
# expects: axis=2 double=4
# %% axis-answer
from IPython.display import clear_output, display

handle = display("0", display_id=True)
for number in range(20_000):
    handle.update(str(number))
    if number % 10 == 0:
        clear_output(wait=True)
kind = "reduction"
# %% double-answer
def double(x):
    return 2 * x
