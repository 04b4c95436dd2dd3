"""What can be told of a cell by its text alone: which check it is, and which names it binds.

A student's text is never parsed as Python here: plain string operations, linear in its length, that may be wrong
about unusual code. Text of the assignment is trusted, and parsed.
"""

import ast
import builtins
import re

BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"

_QUOTES = str.maketrans(dict.fromkeys("'`‘’“”", '"') | {"（": "(", "）": ")", "，": ","})
_CALL = re.compile(r'\bcheck ?\( ?"{1,3}([\w-]{1,100})"')
_COMMENT_SIGN = re.compile(r"(?m)^[ \t]*#+")
_DEFINES = re.compile(r"(?:async )?(?:def|class) ([^\W\d]\w*)")
_WORD = re.compile(r"[^\W\d]\w*")


def released(source: str) -> str:
    """The text of a cell as students get it: without hidden tests, as ``nbgrader`` removes them."""
    return "\n".join(line for line, shown in zip(source.split("\n"), visible_lines(source), strict=True) if shown)


def visible_lines(source: str) -> list[bool]:
    """Of each line, whether students get it."""
    shown, hidden = [], False
    for line in source.split("\n"):
        mark = BEGIN_HIDDEN in line or END_HIDDEN in line
        hidden = BEGIN_HIDDEN in line or (hidden and END_HIDDEN not in line)
        shown.append(not hidden and not mark)
    return shown


def normalized(source: str) -> str:
    """The text without comment signs in front of lines, white space, kinds of quotes and ends of statements."""
    text = "".join(_COMMENT_SIGN.sub("", source.translate(_QUOTES)).split())
    return text.replace('"""', '"').replace(",)", ")").strip(';"')


def called_item(source: str) -> str | None:
    """The item of the one check that a cell calls; None if it calls none, or several."""
    text = _COMMENT_SIGN.sub("", source.translate(_QUOTES))
    found = set(_CALL.findall(" ".join(text.split())))
    return found.pop() if len(found) == 1 else None


def bound_names(source: str) -> frozenset[str]:
    """Names that a cell seems to define or assign, at any depth."""
    found: set[str] = set()
    for line in source.splitlines():
        text = " ".join(line.split())
        defined = _DEFINES.match(text)
        if defined:
            found.add(defined[1])
        elif text.startswith(("import ", "from ", "for ", "with ", "async ")):
            found.update(_WORD.findall(text.split(" import ", 1)[-1]))
        elif not text.startswith("#"):
            found.update(_targets(text, indented=line[:1].isspace()))
    return frozenset(found)


def _targets(line: str, *, indented: bool) -> list[str]:
    """Names to the left of the assignments of a line; ``name=`` that is indented is an argument of a call."""
    parts = re.split(r"(?<![=!<>])=(?!=)", line)[:-1]
    parts = [part for part in parts if part.count("(") == part.count(")") and (part.endswith(" ") or not indented)]
    return [word for part in parts for word in _WORD.findall(part)]


def needed_names(source: str) -> frozenset[str]:
    """Names that a check or test of the assignment reads and does not define itself."""
    try:
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    except SyntaxError:
        return frozenset()
    stored = {node.id for node in nodes if not isinstance(node.ctx, ast.Load)}
    return frozenset({node.id for node in nodes} - stored - set(dir(builtins)) - {"check"})
