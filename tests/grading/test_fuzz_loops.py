"""Property-based fuzzing of the text of loops: it runs as Python would run it, or is refused; it reaches nothing else.

``MLC_FUZZ=20000 pytest tests/grading/test_fuzz_loops.py`` tries more.
"""

import contextlib
import math
import os
import re
import sys
import threading
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlc_ref.checks.plain_loops import LoopText, run
from mlc_ref.checks.scalars import ScalarArray

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")
EXAMPLES = int(os.environ.get("MLC_FUZZ", "300"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STEPS = 2_000
PLAIN = (bool, int, float, str, list, tuple, dict, set, range, map, zip, filter, enumerate, type(None), type(...))
OURS = (np.generic, np.dtype, np.ndindex, ScalarArray, types.FunctionType, types.GeneratorType, types.SimpleNamespace)
# What reading and compiling a text does by itself, and what NumPy does where it makes numbers.
USUAL = {"compile", "exec", "object.__getattr__", "sys.settrace", "array.__new__"}


class Budget(BaseException):
    """The program goes on and on."""


heard: list[str] | None = None
listens_to: int | None = None  # a thread; graders of other tests may watch their boxes from theirs


def listen(event, details):
    if heard is None or threading.get_ident() != listens_to:
        return
    # Python looks for the line of a mistake in a file of the name that the text was compiled under.
    if event not in USUAL and details[:1] not in (("<your function>",), ("<unknown>",)):
        heard.append(event)


sys.addaudithook(listen)


@contextlib.contextmanager
def watched():
    """Stops a program that takes long; gives what the interpreter was asked for meanwhile."""
    global heard, listens_to
    left, before, heard, listens_to = STEPS, sys.gettrace(), [], threading.get_ident()

    def step(frame, _event, _argument):
        nonlocal left
        if frame.f_code.co_filename != "<your function>":
            return None
        left -= 1
        if left < 0:
            raise Budget
        return step

    sys.settrace(step)
    try:
        yield heard
    finally:
        sys.settrace(before)
        heard = None


def outcome(text, *arguments):
    """What running a text gives, or the exception, and what the interpreter was asked for."""
    modules = {"np": "numpy", "math": "math", "itertools": "itertools", "os": "os", "sys": "sys"}
    with watched() as asked:
        try:
            return run(LoopText(text, "f", modules), arguments), asked
        except (Exception, Budget) as error:
            return error, asked


def reaches(value, depth=0):
    """Everything in a result, containers included."""
    yield value
    inner = [*value.values()] if type(value) is dict else value if type(value) in (list, tuple, set) else ()
    if depth < 8:
        for each in inner:
            yield from reaches(each, depth + 1)


def allowed(value):
    if isinstance(value, type):
        return value in (bool, int, float, range) or value is np.ndindex
    if isinstance(value, types.BuiltinFunctionType | types.MethodType):
        return True  # of a number or a list; what it gives is looked at where it is called
    return isinstance(value, PLAIN + OURS) or type(value).__name__ in ("list_reverseiterator", "reversed", "product")


NAMES = [
    *("x", "w", "i", "np", "math", "itertools", "os", "sys", "len", "list", "sum", "max", "sorted", "isinstance", "map"),
    *("zip", "int", "float", "range", "print", "reversed", "__builtins__", "__import__", "__no_array", "__container"),
    *("getattr", "eval", "exec", "open", "type", "object", "globals", "vars", "super", "memoryview", "f", "_"),
]  # fmt: skip
ATTRIBUTES = [
    *("shape", "dtype", "item", "size", "append", "zeros", "empty", "exp", "maximum", "float32", "ndindex", "product"),
    *("__class__", "__globals__", "__self__", "_array", "T", "dot", "tolist", "gi_frame", "load", "system", "modules"),
]  # fmt: skip
ATOMS = [*("0", "1", "2", "-1", "1.5", "'f8'", "'(4,)f8,i4'", "'O'", "'%s'", "None", "True", "...", "()", "[]")]
atoms = st.sampled_from(NAMES[:6] * 4 + NAMES + ATOMS) | st.text(max_size=3).map(repr)


def larger(inner):
    both = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from(ATTRIBUTES)).map(lambda p: f"({p[0]}).{p[1]}"),
        both.map(lambda p: f"({p[0]})[{p[1]}]"),
        both.map(lambda p: f"({p[0]})[{p[1]}, {p[1]}]"),
        both.map(lambda p: f"({p[0]})({p[1]})"),
        inner.map(lambda e: f"({e})()"),
        st.tuples(inner, st.sampled_from(["+", "*", "-", "%", "//", "@", "<", "==", "in", "and", "is"]), inner).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        both.map(lambda p: f"[{p[0]}, {p[1]}]"),
        both.map(lambda p: f"({p[0]}, *{p[1]})"),
        both.map(lambda p: f"[{p[0]} for i in {p[1]}]"),
        both.map(lambda p: f"(lambda i, *a: {p[0]})({p[1]})"),
        both.map(lambda p: f"({p[0]} if {p[1]} else {p[0]})"),
        inner.map(lambda e: f"(i := {e})"),
        inner.map(lambda e: f"f'{{{e}}}'" if "'" not in e else f"({e})[:]"),
        both.map(lambda p: "{" + f"{p[0]}: {p[1]}" + "}"),
    )


expressions = st.recursive(atoms, larger, max_leaves=8)
STATEMENTS = [
    "i = {}", "x.shape = {}", "np.exp = {}", "i += {}", "for i in {}: w[0, 0] = i", "for np.nan in {}: pass",
    "x[0, 0] = {}", "assert {}", "del x\n    {}", "import os\n    {}", "global i\n    i = {}", "a, *b = {}",
    "a, b = {}\n    i = a", "with x: {}", "try: {}\n    except Exception: pass", "@np.exp\n    def g(): return {}",
    "def g(i={}): return i", "class A: i = {}", "yield {}", "while {}: i = 1; break", "nonlocal q\n    {}", "w[0] = {}",
]  # fmt: skip
bodies = st.lists(st.tuples(st.sampled_from(STATEMENTS), expressions).map(lambda p: p[0].format(p[1])), max_size=3)
hostile = st.tuples(bodies, expressions).map(
    lambda p: "def f(x, w, i=0):\n" + "".join(f"    {line}\n" for line in p[0]) + f"    return {p[1]}"
)
TOKENS = [
    "def f(x, w):",
    "return",
    "x",
    "[",
    "]",
    "(",
    ")",
    "0",
    "\n",
    "    ",
    "lambda",
    ":",
    ",",
    "*",
    "=",
    "np.",
    "{",
    "}",
]
soup = st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join)


def is_held_in(text):
    """The text runs or fails without asking the interpreter for anything, and gives only what is allowed."""
    before = {name: vars(module) | {} for name, module in _modules().items()}
    result, asked = outcome(text, np.ones((2, 3), "float32"), np.ones((3, 2), "float32"))
    assert asked == []
    if not isinstance(result, BaseException):
        strange = [type(v) for v in reaches(result) if not allowed(v) and not isinstance(v, np.ndarray)]
        assert strange == []
    assert {name: vars(module) for name, module in _modules().items()} == before


def _modules():
    from mlc_ref.checks import loop_names

    return loop_names.MODULES


@fuzzed
@given(hostile)
def test_a_hostile_function_reaches_nothing_but_numbers_lists_and_single_elements(text):
    is_held_in(text)


@fuzzed
@given(soup | st.text(max_size=200) | st.text(st.characters(exclude_categories=()), max_size=40))
def test_text_of_any_form_runs_or_is_refused(text):
    is_held_in(text)


@fuzzed
@given(soup | st.text(max_size=100))
def test_text_without_a_function_gives_an_error_and_no_result(text):
    result, _asked = outcome(text.replace("def", "ded"))
    assert isinstance(result, Exception) or re.search(r"f\s*:?=", text)  # by chance, a lambda of that name


# Programs of the language, as a learner would write them.

indices = st.sampled_from(["i", "j", "(i + 1) % 3", "i * j % 3", "-1", "2 - i"])
scalars = st.recursive(
    st.sampled_from(["1", "0.5", "i", "j", "t", "s[0]", "np.float32(2)", "x.shape[0]", "len(x)", "math.inf"])
    | st.tuples(indices, indices).map(lambda p: f"x[{p[0]}, {p[1]}]"),
    lambda e: st.one_of(
        st.tuples(e, st.sampled_from(["+", "-", "*", "<", "=="]), e).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(st.sampled_from(["max", "min", "np.maximum", "np.add"]), e, e).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(e, e, e).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        e.map(lambda v: f"sum([{v} for k in range(3)])"),
        e.map(lambda v: f"abs({v})"),
        e.map(lambda v: f"float({v})"),
        st.tuples(e, e).map(lambda p: f"[{p[0]}, {p[1]}][i % 2]"),
    ),
    max_leaves=6,
)
steps = st.tuples(
    st.sampled_from(
        ["t = {}", "t += {}", "y[i, j] = {}", "y[i, j] += {}", "s[0] = {}", "s.append({})", "t, s[0] = {}, 1",
         "if {}: continue", "assert {} is not None", "while t < 2: t += 1; y[i, j] = {}", "q = np.zeros(3); q[i] = {}; t = q[i]"]
    ),
    scalars,
).map(lambda p: p[0].format(p[1]))  # fmt: skip
programs = st.lists(steps, min_size=1, max_size=5).map(
    lambda body: (
        "def f(x, y):\n    t, s = 0, [0.0]\n    for i in range(3):\n        for j in range(len(x)):\n"
        + "".join(f"            {line}\n" for line in body)
        + "    return t"
    )
)


def plainly(text, x, y):
    """What Python gives."""
    scope: dict[str, Any] = {"np": np, "math": math}
    exec(text, scope)
    try:
        with np.errstate(all="ignore"):
            return scope["f"](x, y)
    except Exception as error:
        return type(error)


@fuzzed
@given(programs, st.integers(0, 2**32 - 1))
def test_a_program_of_the_language_gives_what_python_gives(text, seed):
    x = np.random.default_rng(seed).normal(size=(3, 3)).astype("float32")
    ours, theirs = np.zeros((3, 3), "float32"), np.zeros((3, 3), "float32")
    with np.errstate(all="ignore"):
        found, asked = outcome(text, x.copy(), ours)
    if isinstance(found, Budget):
        return
    expected = plainly(text, x.copy(), theirs)
    assert asked == []
    assert np.array_equal(ours, theirs, equal_nan=True), text
    if isinstance(found, Exception):
        assert type(found) is expected, text
    else:
        assert type(found) is type(expected)
        assert found == expected or found != found
