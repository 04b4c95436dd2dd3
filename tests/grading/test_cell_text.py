"""What is told of a cell by its text alone: the names it binds and needs, the check it calls, what is released of it."""

import pytest

from mlc_course.grading.vetting.cell_text import bound_names, called_item, needed_names, released


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("kind = 1", {"kind"}), ("a, (b, *c) = f(x)", {"a", "b", "c"}), ("a = b = 3", {"a", "b"}), ("x += y", {"x"}),
        ("@deco\ndef f(x, y=2):\n    z = 1", {"f", "z"}), ("async def g(): pass", {"g"}), ("class K(B): pass", {"K"}),
        ("import numpy as np", {"numpy", "as", "np", "import"}), ("f(x, key=3)", set()), ("a == b", set()),
        ("f(\n    scale=2,\n)", set()), ("if 1:\n    scale = 2", {"scale"}),
        ("# a = 1", set()), ("a: int = 3", {"a", "int"}), ("a.b = 3", {"a", "b"}), ("变量 = 1", {"变量"}),
    ],
)  # fmt: skip
def test_names_a_cell_binds_are_told_from_its_text(source, names):
    assert bound_names(source) == names


@pytest.mark.parametrize(
    ("source", "item"),
    [
        ('check("axis", kind)', "axis"), ("check('axis', kind)", "axis"), ("# check ( 'axis', kind)", "axis"),
        ('x = 1\ncheck(\n  "axis", kind)', "axis"), ('check("a", 1); check("b", 2)', None), ("recheck('axis')", None),
        ("check(axis)", None), ("", None),
    ],
)  # fmt: skip
def test_the_check_a_cell_calls_is_told_from_its_text(source, item):
    assert called_item(source) == item


def test_names_that_a_test_needs_are_those_it_does_not_define():
    assert needed_names("for x in range(3):\n    assert f(x) == g.h(x), print(k)") == {"f", "g", "k"}
    assert needed_names('check("axis", kind)') == {"kind"}
    assert released("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc") == "a\nc"
