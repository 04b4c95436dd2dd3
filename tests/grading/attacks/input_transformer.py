"""Turns the source of every later cell into a number."""
# expects: axis=0 double=0
# %% axis-answer
get_ipython().input_transformers_cleanup.append(lambda lines: ["2\n"])
kind = "spatial"
