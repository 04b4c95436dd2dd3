"""Leaves a process behind that goes on after the notebook."""
# expects: axis=2
# %% axis-answer
import subprocess

subprocess.Popen(["sleep", "86400"], start_new_session=True)
kind = "reduction"
