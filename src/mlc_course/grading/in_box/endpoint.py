"""Runs in a student's process, in the box: hands the answers out. Nothing here decides anything.

A student's code may replace any of it; then what comes out is not accepted, or it is another answer.
"""

import ast
import base64
import json
import numbers
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from mlc_course.grading.protocol.codec import ModuleText, pack, unpack

MIME = "application/vnd.mlc.answer"
_programs: dict[str, Callable[..., Any]] = {}


class Parcel:
    """A message that a notebook's output carries."""

    def __init__(self, message: Any):
        self._message = message

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        return {MIME: base64.b64encode(pack(self._message)).decode()}


def export(item: str, answer: Any) -> Parcel:
    """An answer in the form in which it leaves; a function stays here, to be called later."""
    return Parcel(_exported(item, answer))


def call(item: str, request: str) -> Parcel:
    """Call the function that was given as an answer on inputs that came from outside."""
    from mlc_course.exercises.calls import ProgramCall
    from mlc_course.exercises.failures import failure_of
    from mlc_course.grading.protocol.channel import failure_to_plain
    from mlc_ref.checks.plain_loops import text_of

    asked = unpack(base64.b64decode(request))
    try:
        if "text" in asked:  # it is run elsewhere
            return Parcel({"result": asdict(text_of(_programs[item]))})
        inputs = [_input(value) for value in asked["inputs"]]
        return Parcel({"result": ProgramCall(_programs[item])(*inputs, returns=asked["returns"])})
    except BaseException as error:
        return Parcel({"failure": failure_to_plain(failure_of(error))})


# As they were before any of the student's code ran.
_compile, _exec, _eval = compile, exec, eval


def test(source: str, token: str) -> Parcel:
    """Run an instructor's own test cell in the student's namespace and say how it ended.

    Args:
        token: nobody knows it before the test runs; only a message that holds it is believed.

    Returns:
        ``{"token", "credit"}``, the number that the last expression gave, if it is one; or ``{"token", "error", "message",
        "line"}`` with the line of the test that raised.
    """
    scope = vars(sys.modules["__main__"])
    try:
        body = ast.parse(source).body
        last = body[-1] if body else None
        value = None
        if isinstance(last, ast.Expr):
            body.pop()
        _exec(_compile(ast.Module(body, []), _TEST_FILE, "exec"), scope)
        if isinstance(last, ast.Expr):
            value = _eval(_compile(ast.Expression(last.value), _TEST_FILE, "eval"), scope)
        return Parcel({"token": token, "credit": _credit(value)})
    except BaseException as error:
        return Parcel({"token": token, **_told(error)})


_TEST_FILE = "<test>"


def _credit(value: Any) -> float | None:
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return float(value) if is_number else None


def _told(error: BaseException) -> dict[str, Any]:
    """An exception of a test, and the test's line in which it was raised."""
    line, frame = 0, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == _TEST_FILE:
            line = frame.tb_lineno
        frame = frame.tb_next
    try:
        message = str(error)[:500]
    except Exception:
        message = ""
    return {"error": type(error).__name__[:100], "message": message, "line": line}


def _exported(item: str, answer: Any) -> dict[str, Any]:
    from mlc_course.exercises.plain import NotPlain, plain_json
    from mlc_ref.language import Text

    if answer is None or answer is Ellipsis or answer is NotImplemented:
        return {"kind": "missing", "found": ""}
    kind = type(answer).__module__ + "." + type(answer).__qualname__
    if kind.startswith("tvm."):
        shipped = _tvm_answer(answer)
        if shipped:
            return shipped
    if callable(answer) and not isinstance(answer, type):
        _programs[item] = answer
        return {"kind": "program", "found": kind}
    try:
        return {"kind": "value", "found": kind, "value": json.dumps(plain_json(answer, place="answer"))}
    except NotPlain as error:
        return {"kind": "other", "found": kind, "why": [error.text.en, error.text.zh]}
    except (TypeError, ValueError) as error:  # such as a number that no JSON can hold
        said = Text.english(str(error))
        return {"kind": "other", "found": kind, "why": [said.en, said.zh]}


def _tvm_answer(answer: Any) -> dict[str, Any] | None:
    import tvm

    from mlc_course.exercises.answers import plain_trace

    if isinstance(answer, tvm.s_tir.Schedule):
        return {"kind": "trace", "found": "Schedule", "trace": json.dumps(plain_trace(answer))}
    if isinstance(answer, tvm.IRModule):
        return {"kind": "module", "found": "IRModule", "module": ModuleText(tvm.ir.save_json(answer))}
    if isinstance(answer, tvm.ir.BaseFunc):
        # A single function; whoever judges gives it the name it is called by.
        return {"kind": "module", "found": type(answer).__name__, "module": ModuleText(_single(answer))}
    return None


def _single(function: Any) -> str:
    import tvm

    return tvm.ir.save_json(tvm.IRModule({SINGLE: function.with_attr("global_symbol", SINGLE)}))


SINGLE = "mlc_single_function"


def _input(value: Any) -> Any:
    """What a program is given: modules loaded, functions of ``mlc_ref`` looked up."""
    from mlc_course.grading.protocol.codec import Reference

    if isinstance(value, ModuleText):
        import tvm

        return tvm.ir.load_json(value.text)
    if isinstance(value, Reference):
        return value.resolve()
    if isinstance(value, list | tuple):
        return type(value)(_input(v) for v in value)
    if isinstance(value, dict):
        return {k: _input(v) for k, v in value.items()}
    return value
