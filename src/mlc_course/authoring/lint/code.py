"""Rules for Python files: modules and functions are short, and say what they hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

from mlc_course.authoring.lint.registry import rule

FOLDERS = ("src", "exercises", "tests")
MODULE_LINES, FUNCTION_LINES = 320, 50
# Submissions of students, as students write them; answers kept as files.
LEFT_OUT = ("tests/grading/attacks", "tests/grading/unusual", "tests/exercises/answers")


def python_files(root: Path, folders: tuple[str, ...] = FOLDERS) -> Iterator[Path]:
    """Python files of the repository that people wrote, submissions of students left out."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if not path.relative_to(root).as_posix().startswith(LEFT_OUT):
                yield path


@rule("course")
def modules_are_short_enough_to_read_in_one_sitting(_name: str, root: Path) -> list[str]:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in python_files(root)}
    return [
        f"{path.relative_to(root)}: {lines} lines, at most {MODULE_LINES}; divide it where its subject changes"
        for path, lines in lengths.items()
        if lines > MODULE_LINES
    ]


@rule("course")
def functions_fit_a_screen(_name: str, root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}; divide it"
        for path in python_files(root)
        if "programs" not in path.as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := _length(node)) > FUNCTION_LINES
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - (body[0].lineno if body else node.lineno) + 1


@rule("course")
def modules_say_what_they_hold(_name: str, root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: begin it with a docstring that says what it holds"
        for path in python_files(root, ("src", "exercises"))
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]


@rule("course")
def no_cache_has_to_be_cleared(_name: str, root: Path) -> list[str]:
    """What has to be forgotten by hand was remembered by too little, and spoils tests that run after another."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: cache_clear; let the key be all that the value depends on (the folder, "
        "the text), or keep the values in an object and make another one"
        for path in python_files(root)
        if "cache_clear" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr == "cache_clear"
    ]


_CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time", "seconds"}
_BOUNDS = {"affordable", "grows_linearly"}


@rule("course")
def tests_that_look_at_a_clock_are_marked(_name: str, root: Path) -> list[str]:
    """What a clock says depends on what else the machine does: such a test, and no other, may be tried once more."""
    return [
        f"{path.relative_to(root)}:{test.lineno}: {test.name} looks at a clock; mark it with @pytest.mark.timed"
        for path in python_files(root)
        if path.name.startswith("test_")
        for test in ast.parse(path.read_text("utf-8")).body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_") and _looks_at_a_clock(test)
        if not any("mark.timed" in ast.unparse(each) for each in test.decorator_list)
    ]


def _looks_at_a_clock(test: ast.FunctionDef) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in _CLOCKS)
        or (isinstance(node, ast.Name) and node.id in _BOUNDS)
        for node in ast.walk(test)
    )
