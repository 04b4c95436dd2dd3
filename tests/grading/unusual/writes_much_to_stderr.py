"""Logs a great deal, to both streams in turn."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import logging
import sys

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
for step in range(5_000):
    logging.info("step %d", step)
    print(step)

def double(x):
    logging.info("called")
    return 2 * x
