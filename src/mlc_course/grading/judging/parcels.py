"""Open what a student's process hands out: a message in an output, or the error it raised instead."""

import base64
from typing import Any

from mlc_course.exercises.error_texts import error_text
from mlc_course.exercises.failures import unsolved
from mlc_course.grading.in_box.endpoint import MIME
from mlc_course.grading.protocol.codec import unpack
from mlc_course.grading.vetting.strict_json import Refused
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

MAX_PAYLOAD = 16 * 2**20
RUNS = Text("an answer cell that runs", "能够运行的答案单元")


class Said:
    """What code says that was run to hand something out: a parcel, or an error."""

    def __init__(self) -> None:
        self._parcel: Any = None
        self._error: dict[str, Any] | None = None
        self._too_long = False

    def take(self, kind: str, content: dict[str, Any] | None) -> None:
        if content is None:
            self._too_long = True
        elif kind == "error":
            self._error = self._error or content
        elif kind == "execute_result" and isinstance(content.get("data"), dict):
            # Code that hands something out shows one result; whoever shows more has changed what it does.
            self._parcel = content["data"].get(MIME) if self._parcel is None else _SEVERAL

    def opened(self) -> Any:
        """What was handed out, or the failure that stands for it."""
        if self._error is not None:
            return _failure_of(self._error)
        if self._parcel is not None:
            return opened(self._parcel)
        found = Text("no answer came out", "没有得到答案")
        if self._too_long:
            size = MAX_PAYLOAD >> 20
            found = Text(f"an answer of more than {size} MiB", f"超过 {size} MiB 的答案")
        return CheckFailure(expected=RUNS, found=found)


_SEVERAL = object()


def opened(payload: Any) -> Any:
    """What a parcel holds, or why it is not accepted."""
    malformed = CheckFailure(expected=RUNS, found=Text("a malformed message", "格式错误的消息"))
    if not isinstance(payload, str):
        return malformed
    try:
        return unpack(base64.b64decode(payload, validate=True), MAX_PAYLOAD)
    except Refused as error:
        return error
    except ValueError:  # no base64, or not even ASCII
        return malformed


def _failure_of(error: dict[str, Any]) -> CheckFailure:
    name, value = (said if isinstance(said := error.get(key), str) else "?" for key in ("ename", "evalue"))
    if name == "NotImplementedError":
        return unsolved()
    return CheckFailure(expected=RUNS, found=error_text(name[:100], value[:500]))
