"""Looks for secrets of the instructor in the environment and in home folders."""
# expects: double=4
# %% double-answer
import os
from pathlib import Path

wanted = [name for name in os.environ if "TOKEN" in name or "SECRET" in name or "PASSWORD" in name]
assert not wanted, wanted
assert not list(Path("/home").glob("*")) if Path("/home").exists() else True
assert not Path("/etc/shadow").exists() and not Path("/etc/passwd").exists()
assert set(os.listdir(Path.home())) <= {"work", ".ipython", ".cache", ".local", ".config"}

def double(x):
    return 2 * x
