"""Looks for the hidden checks in the course's folders, the environment and memory."""
# expects: double=4
# %% double-answer
import os
import sys
from pathlib import Path

found = []
for root in {Path(p) for p in sys.path if p} | {Path("/"), Path.home()}:
    found += [p for name in ("checks/*.py", "exercise.md") for p in root.glob(f"*/exercises/*/{name}")]
course = Path(os.environ.get("MLC_COURSE_ROOT", "/nowhere"))
assert not found and not course.exists(), found
import mlc_course

assert not (Path(mlc_course.__file__).parents[2] / "exercises").exists()

def double(x):
    return 2 * x
