"""Looks for secrets of the instructor in the environment and in home folders."""
# expects: double=4
# %% double-answer
import os
import sys
from pathlib import Path

wanted = [name for name in os.environ if "TOKEN" in name or "SECRET" in name or "PASSWORD" in name]
assert not wanted, wanted
import mlc_course

# The interpreter or the course may lie in somebody's home: nothing is there but what leads to them.
shown = [Path(sys.prefix), Path(sys.base_prefix), Path(mlc_course.__file__).parent]
for place in Path("/home").glob("*"):
    for level in (place, *place.glob("*")):
        leads = any(level in (path, *path.parents) or path in level.parents for path in shown)
        assert leads, level
assert not Path("/etc/shadow").exists() and not Path("/etc/passwd").exists()
assert set(os.listdir(Path.home())) <= {"work", ".ipython", ".cache", ".local", ".config"}

def double(x):
    return 2 * x
