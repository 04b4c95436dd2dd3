"""Rules for what readers are told: an error of the reference package is said in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mlc_course.authoring.lint.code import python_files
from mlc_course.authoring.lint.registry import rule

# Errors that no reader meets: the beginning of "path: function", and why.
FOR_OTHERS = {
    "src/mlc_ref/checks/bounds.py: _iterations": "caught by its caller, which judges no program of this size",
    "src/mlc_ref/checks/scalars.py: ScalarArray.__getattr__": "the words of Python, for hasattr and copy",
    "src/mlc_ref/checks/task.py: Task.": "for authors of checks",
    "src/mlc_ref/language.py: parse_language": "the language is what is unknown here; `mlc` says it in both",
    "src/mlc_ref/viz/__init__.py: __getattr__": "the words of Python, for hasattr and imports",
    "src/mlc_ref/viz/scripts.py: _add": "for authors of widgets",
    "src/mlc_ref/viz/scripts.py: joined": "for authors of widgets",
    "src/mlc_ref/webgpu/lowering.py: _Host._launch": "no words: the name of an axis",
    "src/mlc_ref/webgpu/models.py: _Graph._call": "no words: a name in the program",
}
_WORD = re.compile(r"[A-Za-z]{2}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ERROR = re.compile(r"Error$")
_TO_STRING = {"format", "join", "strip", "replace"}


@rule("course")
def errors_of_the_reference_package_are_in_both_languages(_name: str, root: Path) -> list[str]:
    found, used = [], set()
    for path in python_files(root, ("src/mlc_ref",)):
        for function, line in english_alone(ast.parse(path.read_text("utf-8"))):
            place = f"{path.relative_to(root)}: {function}"
            reasons = {each for each in FOR_OTHERS if place.startswith(each)}
            used |= reasons
            if not reasons:
                found.append(
                    f"{path.relative_to(root)}:{line}: {function or 'the module'} raises an error in English alone; say it with "
                    "refused(…) or invalid(english, chinese) of mlc_ref.kinds, or with for_print(Text(english, chinese))"
                )
    unused = [f"{Path(__file__).name}: FOR_OTHERS: {each!r} excuses nothing; take it out" for each in FOR_OTHERS]
    return found + [sentence for each, sentence in zip(FOR_OTHERS, unused, strict=True) if each not in used]


def english_alone(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Function and line of each error that is made with words, none of which are Chinese or part of a ``Text``."""
    for name, body, raised in _errors(tree, "", [tree]):
        arguments = [*raised.args, *(keyword.value for keyword in raised.keywords)]
        words = " ".join(text for argument in arguments for text in _strings(argument, body))
        if _WORD.search(words) and not _CHINESE.search(words):
            yield name, raised.lineno


def _errors(node: ast.AST, name: str, body: list[ast.AST]) -> Iterator[tuple[str, list[ast.AST], ast.Call]]:
    """Each call that is raised or makes an error, the name of the function it stands in, and the trees around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and (isinstance(node, ast.Raise) or _ERROR.search(ast.unparse(child.func))):
            yield name, body, child
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _errors(child, f"{name}.{child.name}".lstrip("."), [child, *body])
        else:
            yield from _errors(child, name, body)


def _strings(node: ast.AST, body: list[ast.AST]) -> Iterator[str]:
    """The strings an expression is made of, those of variables included; what a call makes of its arguments is its own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in _TO_STRING:
            yield from _strings(node.func.value, body)
    elif isinstance(node, ast.Name):
        for value in _assigned(node.id, body):
            yield from _strings(value, [])
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.BoolOp | ast.IfExp):
        for part in ast.iter_child_nodes(node):
            yield from _strings(part, body)


def _assigned(name: str, body: list[ast.AST]) -> list[ast.expr]:
    """What the innermost function that gives the variable a value gives to it."""
    for scope in body:
        values = [
            node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and target.id == name
        ]
        if values:
            return values
    return []
