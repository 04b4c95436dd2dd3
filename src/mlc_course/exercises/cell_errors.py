"""What is wrong with an answer cell itself, told from the error that it showed when it ran."""

import re

from mlc_course.exercises.error_texts import error_text
from mlc_course.exercises.failures import unsolved
from mlc_ref.checks.failure import CheckFailure, shorten
from mlc_ref.language import Text

MAX_ERROR = 500
_PLACE = re.compile(r" ?\((?:[^()\n]{0,200}, )?line (\d{1,6})\)$")
_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
_INCOMPLETE = Text("incomplete, a bracket, a quote or a block is not closed", "不完整，有括号、引号或代码块没有结束")
_ANSWER = Text("an answer cell that runs", "能够运行的答案单元")

CELL_STATES = {
    "deleted": Text("the answer cell was deleted", "答案单元已被删除"),
    "empty": Text("the answer cell is empty", "答案单元是空的"),
    "text": Text("the answer cell is text, not code", "答案单元是文本，不是代码"),
}


def fault_of_error(name: str, message: str) -> Text:
    """What an error of an answer cell means: where it does not parse, or what it raised."""
    message = shorten(message.strip(), MAX_ERROR)
    if name not in _SYNTAX_ERRORS:
        error = error_text(name, message)
        return Text(f"the answer cell raised {error.en}", f"答案单元抛出 {error.zh}")
    place = _PLACE.search(message)
    why = Text.code(_PLACE.sub("", message))
    if why.en == "incomplete input":  # IPython's words for it
        why = _INCOMPLETE
    line = Text(f" line {place[1]}:", f"第 {place[1]} 行：") if place else Text("", "")
    return Text(f"the answer cell does not parse:{line.en} {why.en}", f"答案单元有语法错误：{line.zh}{why.zh}")


def failure_of_fault(fault: Text | None, name: str = "") -> CheckFailure:
    """The failure of an item whose answer cell has a fault; the starter code that raises is not solved yet."""
    if name == "NotImplementedError" or fault is None:
        return unsolved()
    return CheckFailure(expected=_ANSWER, found=fault)


def did_not_end(reason: Text) -> CheckFailure:
    """The failure of an item of which a cell took too long or ended the process; the reason says which, without subject."""
    return CheckFailure(
        expected=Text("cells that end", "能够结束的单元"), found=Text(f"a cell {reason.en}", f"有单元{reason.zh}")
    )


def is_empty(source: str) -> bool:
    """Whether a code cell holds nothing but comments and ``pass``."""
    lines = [line.split("#", 1)[0].strip() for line in source.splitlines()]
    return set(lines) <= {"", "pass", "..."}
