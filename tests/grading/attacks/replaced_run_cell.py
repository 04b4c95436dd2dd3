"""Replaces the shell's run_cell by one that pretends."""
# expects: axis=0 double=0
# %% axis-answer
ip = get_ipython()
ip.run_cell = ip.run_cell_async = lambda *a, **k: None
kind = "spatial"
