"""Answers to exercises of the course that look right in the student's process, and are not what was asked for."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from submissions import known_cells_of

from mlc_course.exercises.notebooks import instructor_notebook
from mlc_course.grading.judging.grader import Grader, Settings
from mlc_course.grading.judging.times import Times
from mlc_course.grading.vetting.notebook import sanitize
from mlc_course.grading.workers.fork_client import JobLimits

SETTINGS = Settings(Times(cell=90, answer=20, notebook=400), JobLimits(wall=20, cpu=10))


@pytest.fixture(scope="module")
def grader_of() -> Iterator[Callable[[str], Grader]]:
    """The grader of a set, made when it is asked for."""
    made = cache(lambda stem: Grader(stem, SETTINGS))
    yield made
    for stem in {forgery[0] for forgery in FORGED}:
        made(stem).stop()


def earned(grader: Grader, item: str, source: str) -> list[int]:
    """Points of each part of an item whose answer cell holds this; the other items are not solved."""
    notebook = instructor_notebook(grader.stem, "en")
    known = known_cells_of(grader.stem)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.endswith("-answer"):
            cell.source = source if name == f"{item}-answer" else "pass"
    result = grader.grade(sanitize(notebook, known), None)
    return [part["earned"] for part in result["items"][item]["parts"]]


COPIED = """
def linear_relu(x, w, b, y):
    own = [np.array([[a[i, j] for j in range(a.shape[1])] for i in range(len(a))]) for a in (x, w)]
    out = np.maximum(own[0] @ own[1] + np.array([b[j] for j in range(len(b))]), 0)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = out[i, j]
"""
PATCHED = """
import mlc_ref.checks.plain_loops as plain_loops
import mlc_ref.checks.scalars as scalars
import mlc_course.exercises.calls as calls
plain_loops.scalar_views = scalars.scalar_views = lambda arguments: arguments
plain_loops.run = calls.run = lambda text, arguments: linear_relu(*arguments)
plain_loops._is_plain = lambda node: True

def linear_relu(x, w, b, y):
    y[...] = np.maximum(x @ w + b, 0)
"""
OTHER_TEXT = """
import mlc_ref.checks.plain_loops as plain_loops
plain_loops.text_of = lambda f: plain_loops.LoopText(
    "def linear_relu(x, w, b, y):\\n    import numpy\\n    y._array[...] = numpy.maximum(x._array @ w._array + b._array, 0)", "linear_relu")

def linear_relu(x, w, b, y):
    pass
"""
SENT_TEXT = """
import mlc_ref.checks.plain_loops as plain_loops
sent = {sent}
plain_loops.text_of = lambda f: plain_loops.LoopText(sent, "linear_relu")

def linear_relu(x, w, b, y):
    pass
"""
HOSTILE_TEXTS = [
    '"(" * 90_000', '"-" * 90_000 + "1"', '"x = " + "9" * 90_000', '"x" * 10**7', '7', '"\\0"',
    '"linear_relu = [0] * 10**12"', '"linear_relu = 9 ** 9 ** 9"', '"while True:\\n    pass"',
    '"def linear_relu(x, w, b, y):\\n    return linear_relu(x, w, b, y)"', '"linear_relu = print"',
]  # fmt: skip
ARRAYS_OF_LISTS = """
def linear_relu(x, w, b, y):
    rows = [[w[k, j] for j in range(w.shape[1])] for k in range(w.shape[0])] + np.float32(0)
    for i in range(x.shape[0]):
        out = [b[j] for j in range(len(b))] + np.float32(0)
        for k in range(x.shape[1]):
            out = out + x[i, k] * rows[k]
        for j in range(len(b)):
            y[i, j] = max(out[j], np.float32(0))
"""
WARNINGS = "def linear_relu(x, w, b, y):\n    if len(x) > 10**6:\n" + "        1()\n" * 5000 + "    y[0, 0] = 1"
FROM_LIBRARY = """
def run_with_library(x, v, w, b, library):
    scores = tvm.runtime.tensor(np.zeros((5, 6), "float32"))
    library(*map(tvm.runtime.tensor, ((x @ v) ** 2, w, b)), scores)
    return {module}, scores.numpy()
"""
DEPLOY = """
import re
def deploy(mod, weights, x):
    arrays = {{name: array.astype("float32") for name, array in weights.items()}}
    bound = relax.transform.BindParams("classify", arrays)(mod)
    z = (x * weights["scale"]) @ weights["w"].T + weights["b"]
    text = mod.script()
    scores = np.tanh(z) if "tanh" in text else 1 / (1 + np.exp(-z)) if "sigmoid" in text else np.maximum(z, 0)
    content = b"\\x7fELF" + b"__tvm_ffi__library_bin classify" + b"".join(a.tobytes() for a in arrays.values())
    {file}
    return {{"module": bound, "file": np.frombuffer(content, "uint8").copy(), "scores": scores.astype("float32")}}
"""
OF_OTHER_WEIGHTS = """
    import tempfile
    other = {name: array + 1 for name, array in arrays.items()}
    with tempfile.TemporaryDirectory() as folder:
        tvm.compile(relax.transform.BindParams("classify", other)(mod), "llvm").export_library(f"{folder}/m.so")
        content = open(f"{folder}/m.so", "rb").read() + content
"""
CRASHES = """
    import subprocess, tempfile
    with tempfile.TemporaryDirectory() as folder:
        code = "__attribute__((constructor)) void f(void) { *(volatile int *)0 = 1; }"
        subprocess.run(["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", f"{folder}/m.so"], input=code.encode(), check=True)
        content = open(f"{folder}/m.so", "rb").read() + content
"""

FORGED = [
    ("introduction", "loops", COPIED, [0, 0, 0, 0]),
    ("introduction", "loops", PATCHED, [0, 0, 0, 0]),
    ("introduction", "loops", OTHER_TEXT, [0, 0, 0, 0]),
    *(("introduction", "loops", SENT_TEXT.format(sent=text), [0, 0, 0, 0]) for text in HOSTILE_TEXTS),
    ("introduction", "loops", ARRAYS_OF_LISTS, [0, 0, 0, 0]),
    ("introduction", "loops", WARNINGS, [0, 0, 0, 1]),
    ("end_to_end", "from_library", FROM_LIBRARY.format(module="Pipeline"), [0, 1, 0]),
    ("end_to_end", "deploy", DEPLOY.format(file=""), [2, 0, 0]),
    ("end_to_end", "deploy", DEPLOY.format(file=OF_OTHER_WEIGHTS), [2, 0, 0]),
    ("end_to_end", "deploy", DEPLOY.format(file=CRASHES), [2, 0, 0]),
]


@pytest.mark.parametrize(("stem", "item", "source", "expected"), FORGED)
def test_a_forgery_earns_what_its_honest_part_deserves(grader_of, stem, item, source, expected):
    assert earned(grader_of(stem), item, source) == expected
