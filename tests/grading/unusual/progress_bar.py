"""Shows its progress on one line, redrawn fifty thousand times."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import sys

for step in range(50_000):
    sys.stdout.write(f"\r{'#' * (step // 1250):<40} {step}")
    if step % 500 == 0:
        sys.stdout.flush()

def double(x):
    return 2 * x
