"""Turn whatever an answer raises into a message a learner can act on."""

import sys
import sysconfig
import traceback
from pathlib import Path

from mlc_course.exercises.error_texts import error_text
from mlc_ref.checks.failure import CheckFailure, shorten
from mlc_ref.language import Text

MAX_MESSAGE = 800
_RESULT = Text("a result", "一个结果")
_OURS = tuple(str(Path(p).resolve()) for p in {sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), sys.prefix})


def failure_of(error: BaseException, *, expected: Text = _RESULT) -> CheckFailure:
    """The failure that stands for an exception raised by an answer: type, message and the learner's line."""
    if isinstance(error, CheckFailure):
        return error
    if isinstance(error, NotImplementedError):
        return unsolved()
    message = shorten(str(error).strip(), MAX_MESSAGE)
    return CheckFailure(
        expected=expected,
        found=error_text(type(error).__name__, message),
        where=learner_line(error),
    )


def unsolved() -> CheckFailure:
    """The failure of an answer that is still the starter code."""
    return CheckFailure(
        expected=Text("your solution", "你的解答"),
        found=Text("the starter code, not solved yet", "尚未完成的起始代码"),
        hint=Text(
            "Replace `raise NotImplementedError()` in the answer cell, run that cell, then run this one again.",
            "把解答单元中的 `raise NotImplementedError()` 换成你的代码，先运行该单元，再运行本单元。",
        ),
    )


def not_run(error: Text | None) -> CheckFailure:
    """The failure of an answer whose check never came to judge it, for what the check cell raised instead, if anything."""
    return CheckFailure(
        expected=Text("an answer that can be judged", "一个可以评判的答案"),
        found=error or Text("the check did not run", "检查没有运行"),
        where=Text("the check cell", "检查单元"),
    )


def out_of_time(error: BaseException, seconds: float) -> CheckFailure:
    """The failure of the part that was being judged when the time of a check was over."""
    return CheckFailure(
        expected=Text("an answer that ends", "一个会结束的答案"),
        found=Text(
            f"still running after {seconds:g} seconds; it was interrupted", f"{seconds:g} 秒后仍在运行，已被中断"
        ),
        where=learner_line(error),
        hint=Text("Look at the loop in that line: what makes it end?", "请看这一行所在的循环：它在什么条件下结束？"),
    )


def learner_line(error: BaseException) -> Text | None:
    """The innermost line of code that is neither the course's nor a library's, if there is one."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_learners(f.filename)]
    if isinstance(error, SyntaxError) and error.lineno and not frames:
        return Text(f"line {error.lineno}", f"第 {error.lineno} 行")
    if not frames:
        return None
    number, source = frames[-1].lineno, (frames[-1].line or "").strip()
    code = f": {source}" if source else ""
    return Text(f"line {number} of your cell{code}", f"你的单元第 {number} 行{code}")


def _is_learners(filename: str) -> bool:
    if "ipykernel" in Path(filename).parent.name or filename.startswith("<ipython-input"):
        return True
    if filename.startswith("<") or not Path(filename).is_file():
        return False
    path = str(Path(filename).resolve())
    return not path.startswith(_OURS) and not {"mlc_course", "mlc_ref", "exercises"} & set(Path(path).parts)
