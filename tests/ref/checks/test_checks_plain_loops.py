"""The text of a function that goes element by element: what runs, and what is refused before anything runs."""

import math
from functools import lru_cache

import numpy as np
import pytest

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.plain_loops import MAX_TEXT, LoopText, run, text_of
from mlc_ref.checks.scalars import WholeArrayOperation

FACTOR = 2.5


def outcome(text, *arguments, entry="f", modules=None):
    return run(LoopText(text, entry, modules or {"np": "numpy"}), arguments)


def half(value):
    return value / 2


def scaled(x, y):
    """Uses another function and a number of its module."""
    for i in range(len(x)):
        y[i] = half(x[i]) * FACTOR


def test_a_function_brings_the_functions_and_numbers_it_uses():
    text = text_of(scaled)
    assert text.entry == "scaled"
    assert "def half(value)" in text.text
    assert "FACTOR = 2.5" in text.text
    y = np.zeros(3)
    run(text, (np.array([2.0, 4.0, 6.0]), y))
    assert y.tolist() == [2.5, 5.0, 7.5]


def recursive(n):
    return 1 if n == 0 else n * recursive(n - 1)


def test_a_function_may_call_itself():
    assert run(text_of(recursive), (5,)) == 120


PROGRAMS = {
    "own list": "def f(x):\n    s = [0.0] * len(x)\n    for i in range(len(x)):\n        s[i] = float(x[i])\n    return s",
    "own array": "def f(x):\n    s = np.zeros(len(x))\n    for i in range(len(x)):\n        s[i] = x[i]\n    return [s[i] for i in range(3)]",
    "while": "def f(x):\n    s, i = [], 0\n    while i < x.size:\n        s.append(x[i])\n        i += 1\n    return s",
    "indices": "def f(x):\n    return [x[i] for (i,) in np.ndindex(x.shape)]",
    "maximum": "def f(x):\n    return [np.maximum(x[i], np.float32(0)) for i in range(x.shape[0])]",
    "item": "def f(x):\n    return [x[i].item() for i in range(3)]",
    "kinds": "def f(x):\n    s = list(range(1, 4))\n    return s if isinstance(s, (list, tuple)) and isinstance(s[0], int) else 0",
    "unpacking": "def f(x):\n    (n,) = x.shape\n    return [*map(float, [x[i] for i in range(n)])]",
    "types": "def f(x):\n    s = np.zeros(3, x.dtype)\n    t = np.ones((3,), 'f4')\n    return [t[i] + s[i] + i for i in range(3)]",
    "inner": "def f(x):\n    def one(i):\n        return x[i]\n    print('x')\n    return list(map(one, range(3)))",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_loops_run_however_they_are_written(text):
    assert list(outcome(text, np.array([1.0, 2.0, 3.0]))) == [1, 2, 3]


REFUSED = {
    "x @ w": "x @ w",
    "x[0, :]": "x[0, :]",
    "x[...]": "x[...]",
    "np.matmul": "np.matmul(x, w)",
    "x._array": "x._array",
    "().__class__": "().__class__",
    "__import__": "__import__('os')",
    "import": "1\n    import os",
    "try": "1\n    try:\n        x @ w\n    except Exception:\n        pass",
    "f-string": "f'{x}'",
    "eval": "eval('x')",
    "getattr": "getattr(x, '_array')",
    "type": "type(x)",
    "np.asarray": "np.asarray(x)",
    "sum of a row": "sum(x[0])",
    "list of an array": "list(x)",
    "max of an array": "max(x)",
    "np.maximum of an array": "np.maximum(x, 0)",
    "np.float32 of a list": "np.float32([x[0, 0]])",
    "array times number": "x * 2",
    "own arrays": "np.zeros(3) + np.zeros(3)",
    "iteration": "[row for row in x]",
    "array of a list and a number": "sum([1.0, 2.0] + x[0, 0])",
    "its elements": "[a for a in [1.0, 2.0] + x[0, 0]]",
    "unpacked": "list((*([1.0, 2.0] + x[0, 0]),))",
    "item": "([1.0, 2.0] + x[0, 0]).item(1)",
    "array of a number": "x[0, 0][None]",
    "array in an element": "np.zeros(1, '(4,)f8,i4')[0][0]",
    "objects": "np.zeros(2, 'O')[0]",
    "no type": "np.zeros(2, 'nothing')",
    "function replaced": "[1 for np.exp in [3]]",
    "shape replaced": "[1 for x.shape in [3]]",
    "rest of a list": "[r for a, *r in [[1, 2]]]",
}


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED)
def test_what_reaches_a_whole_array_or_out_of_the_function_is_refused(expression):
    text = f"def f(x, w):\n    return {expression}"
    with pytest.raises((CheckFailure, NameError)):
        outcome(text, np.ones((2, 2)), np.ones((2, 2)))


def test_the_place_is_named():
    with pytest.raises(WholeArrayOperation) as caught:
        outcome("def f(x):\n    y = 1\n    return x[1:]", np.ones(3))
    assert "x[1:]" in caught.value.message.en
    assert "line 3 of your function" in caught.value.message.en


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    nonlocal y\n    return 1",
        "return 1",
        "",
        "def g(x):\n    return 1",
        "f = 1",
        "def f(x:\n",
        "def f(x):\n    return 1\n" + "#" * MAX_TEXT,
        "\0",
    ],
)
def test_text_without_the_function_is_refused(text):
    with pytest.raises(CheckFailure):
        outcome(text, 1)


def test_decorators_are_refused():
    with pytest.raises(CheckFailure, match="loops over single elements"):
        outcome("@print\ndef f(x):\n    return 1", 1)


def enclosing(number):
    def inner(x):
        return number

    return inner


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (math.sqrt, "builtin_function_or_method"), (lru_cache(half), "lru_cache_wrapper"),
        (enclosing(1), "inner, which uses number"), (eval("lambda x: x"), "whose text cannot be found"),
    ],
)  # fmt: skip
def test_other_callables_are_named(answer, found):
    with pytest.raises(CheckFailure, match=found):
        text_of(answer)
