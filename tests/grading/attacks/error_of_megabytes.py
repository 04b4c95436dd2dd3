"""Raises an exception whose name, text and traceback are megabytes long, with characters that move a cursor."""
# expects: axis=2 double=0
# %% axis-answer
kind = "reduction"
# %% double-answer
raise type("E" * 1_000_000, (Exception,), {})("\x1b[2J\u202e\ud800" * 2_000_000)
