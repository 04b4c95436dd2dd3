"""Check a schedule's trace as JSON in pure Python, before it is replayed on the instructor's module.

The form is ``Schedule.trace.as_json()``: ``[instructions, decisions]``, an instruction being
``[name, inputs, attributes, outputs]``. TVM loads any string that looks like ``{…}`` as a graph of nodes,
so such strings are checked as one.
"""

import re
from typing import Any

from mlc_course.grading.vetting.allowlist import ANNOTATIONS, INSTRUCTIONS
from mlc_course.grading.vetting.ir_module import vet_module
from mlc_course.grading.vetting.strict_json import Refused, parse, refuse
from mlc_ref.language import Text

MAX_BYTES = 256 * 2**10
MAX_INSTRUCTIONS = 1_000
MAX_NESTING = 6
_WORD = re.compile(r'["\w.\- /:]{0,200}')
_WHAT = Text("the trace of a Schedule", "一个 Schedule 的轨迹")


def vet_trace(text: str) -> list[Any]:
    """The trace as plain data.

    Raises:
        Refused: naming the instruction or value that is not accepted.
    """
    data = parse(text, limit=MAX_BYTES, what=_WHAT)
    if not isinstance(data, list) or len(data) != 2 or not all(isinstance(part, list) for part in data):
        raise refuse(_WHAT, Text("JSON of another form", "另一种形式的 JSON"))
    instructions, decisions = data
    if len(instructions) > MAX_INSTRUCTIONS:
        raise refuse(
            Text(f"at most {MAX_INSTRUCTIONS} steps", f"最多 {MAX_INSTRUCTIONS} 个步骤"), str(len(instructions))
        )
    for number, instruction in enumerate(instructions, 1):
        _vet_instruction(number, instruction)
    for decision in decisions:
        if not isinstance(decision, list) or len(decision) != 2 or type(decision[0]) is not int:
            raise refuse(_WHAT, Text("a malformed decision", "格式有误的决策"))
        if not 0 <= decision[0] < len(instructions):
            raise refuse(_WHAT, Text("a decision of no instruction", "不属于任何指令的决策"))
        _vet_value(decision[0] + 1, decision[1])
    return data


def _vet_instruction(number: int, instruction: Any) -> None:
    if not isinstance(instruction, list) or len(instruction) != 4 or not isinstance(instruction[0], str):
        raise refuse(_WHAT, Text(f"step {number} of another form", f"第 {number} 步的形式不符"))
    name, *parts = instruction
    if name not in INSTRUCTIONS:
        raise refuse(
            Text("schedule primitives this course uses", "本课程所用的调度原语"),
            Text(f"step {number}: {name[:60]}", f"第 {number} 步：{name[:60]}"),
        )
    if not all(isinstance(part, list) for part in parts):
        raise refuse(_WHAT, Text(f"step {number} of another form", f"第 {number} 步的形式不符"))
    if not all(isinstance(output, str) and _WORD.fullmatch(output) for output in parts[2]):
        raise refuse(_WHAT, Text(f"step {number}: malformed outputs", f"第 {number} 步：输出的格式有误"))
    for value in parts[0] + parts[1]:
        _vet_value(number, value)
    if name in ("Annotate", "Unannotate") and parts[1] not in [[key] for key in ANNOTATIONS]:
        raise refuse(
            Text("annotations this course uses", "本课程所用的注解"),
            Text(f"step {number}: {str(parts[1])[:80]}", f"第 {number} 步：{str(parts[1])[:80]}"),
        )


def _vet_value(number: int, value: Any, depth: int = 0) -> None:
    if value is None or isinstance(value, bool | int | float):
        return
    if isinstance(value, str):
        if "{" in value or "}" in value:
            vet_module(value, root="tirx.IndexMap")
        elif not _WORD.fullmatch(value):
            raise refuse(_WHAT, Text(f"step {number}: text {value[:60]!r}", f"第 {number} 步：文本 {value[:60]!r}"))
        return
    if isinstance(value, list) and depth < MAX_NESTING:
        for item in value:
            _vet_value(number, item, depth + 1)
        return
    raise refuse(
        _WHAT,
        Text(
            f"step {number}: a value of type {type(value).__name__}, or nested too deeply",
            f"第 {number} 步：类型为 {type(value).__name__} 的值，或嵌套过深",
        ),
    )


__all__ = ["Refused", "vet_trace"]
