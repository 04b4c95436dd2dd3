"""Enough right answers are kept for each item of the course, and no two of them, or one and the solution, are the same but for names and
constants."""

import ast

import pytest
from exercise_answers import FOLDER, items, read_answer, solution

RIGHT_ANSWERS = 8
STYLES = 5  # answers that differ in other tile lengths only are one style


class _Plain(ast.NodeTransformer):
    """A program with numbers for the names it binds, without what does nothing, and with kinds for its constants if wished."""

    def __init__(self, bound, constants):
        self.bound, self.constants, self.numbers = bound, constants, {}

    def generic_visit(self, node):
        for field in ("id", "arg", "name"):
            name = getattr(node, field, None)
            if name in self.bound and not isinstance(node, ast.keyword | ast.alias):
                setattr(node, field, str(self.numbers.setdefault(name, len(self.numbers))))
        if isinstance(node, ast.Constant) and not self.constants:
            node.value = type(node.value).__name__
        return super().generic_visit(node)

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def _bound(tree):
    """Names that a program stores or takes as arguments; those it imports and those of Python stay what they are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def _is_starter(statement):
    """Whether a statement is the line ``answer = None`` of the starter code."""
    return isinstance(statement, ast.Assign) and ast.unparse(statement).endswith(" = None")


def shape(code, *, constants):
    """A program without comments, docstrings and starter code, whatever it calls its names.

    Args:
        constants: they count; otherwise only their types do.
    """
    tree = ast.parse(code)
    tree.body = [statement for statement in tree.body if not _is_starter(statement)]
    return ast.dump(_Plain(set(_bound(tree)), constants).visit(tree))


def right_answers(stem, item):
    answers = map(read_answer, sorted((FOLDER / stem / item).glob("*.py")))
    return [answer for answer in answers if not answer.loses]


@pytest.mark.parametrize(("stem", "item"), items())
def test_right_answers_are_kept_in_enough_styles(stem, item):
    codes = {"the solution": solution(stem, item), **{a.path.stem: a.code for a in right_answers(stem, item)}}
    same: dict[str, list[str]] = {}
    for name, code in codes.items():
        same.setdefault(shape(code, constants=True), []).append(name)
    assert [names for names in same.values() if len(names) > 1] == [], "the same but for names"
    assert len(same) > RIGHT_ANSWERS, "write more right answers"
    styles = {shape(code, constants=False) for code in codes.values()}
    assert len(styles) >= STYLES, "write right answers that differ in more than their numbers"


def test_other_names_make_no_other_answer():
    one, other = (
        "y = None\ndef f(x):\n    y = x + 1  # more\n    return y",
        "def g(a):\n    'More.'\n    b = a + 1\n    return b",
    )
    assert shape(one, constants=True) == shape(other, constants=True)


def test_other_constants_make_another_answer_in_the_same_style():
    one, other = "y = f(x, 1)", "y = f(x, 2)"
    assert shape(one, constants=True) != shape(other, constants=True)
    assert shape(one, constants=False) == shape(other, constants=False)


@pytest.mark.parametrize(
    "pair", [("y = x + 1", "y = 1 + x"), ("y = min(x)", "y = max(x)"), ("y = a.f(1)", "y = a.g(1)")]
)
def test_another_order_function_or_method_makes_another_style(pair):
    one, other = (shape(code, constants=False) for code in pair)
    assert one != other
