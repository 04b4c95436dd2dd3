"""Enough right answers are kept for each item of the course, and no two of them are the same but for names."""

import ast

import pytest
from exercise_answers import FOLDER, items, read_answer

RIGHT_ANSWERS = 8


class _Renamed(ast.NodeTransformer):
    """Names that the answer binds become numbers, in the order in which they first stand in it."""

    def __init__(self):
        self.numbers = {}

    def generic_visit(self, node):
        for name in ("id", "arg", "name"):
            if isinstance(getattr(node, name, None), str) and not isinstance(node, ast.keyword | ast.alias):
                setattr(node, name, str(self.numbers.setdefault(getattr(node, name), len(self.numbers))))
        return super().generic_visit(node)


def shape(code):
    """A program without comments, whatever it calls its names."""
    return ast.dump(_Renamed().visit(ast.parse(code)))


def right_answers(stem, item):
    answers = map(read_answer, sorted((FOLDER / stem / item).glob("*.py")))
    return [answer for answer in answers if not answer.loses]


@pytest.mark.parametrize(("stem", "item"), items())
def test_right_answers_are_kept_in_enough_styles(stem, item):
    shapes: dict[str, list[str]] = {}
    for answer in right_answers(stem, item):
        shapes.setdefault(shape(answer.code), []).append(answer.path.stem)
    assert [names for names in shapes.values() if len(names) > 1] == [], "the same but for names"
    assert len(shapes) >= RIGHT_ANSWERS, "write more right answers, each in a style of its own"


def test_other_names_make_no_other_answer():
    assert shape("def f(x):\n    y = x + 1  # one more\n    return y\n") == shape(
        "def g(a):\n    b = a + 1\n    return b\n"
    )
    assert shape("y = x + 1") != shape("y = 1 + x")
