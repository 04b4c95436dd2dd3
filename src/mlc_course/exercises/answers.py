"""What kind of answer an item asks for, and whether this is one."""

from typing import TYPE_CHECKING, Any

from mlc_course.exercises.failures import failure_of, unsolved
from mlc_course.exercises.plain import NotPlain, module_of, plain_json
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import Task
from mlc_ref.language import Text

if TYPE_CHECKING:
    import tvm

WANTED = {
    "trace": Text("a Schedule (tvm.s_tir.Schedule)", "一个 Schedule（tvm.s_tir.Schedule）"),
    "module": Text("an IRModule", "一个 IRModule"),
    "program": Text("a Python function", "一个 Python 函数"),
    "value": Text("plain numbers, text, lists or dicts", "普通的数字、文本、列表或字典"),
}

MODULE_OF_SCHEDULE = Text("A schedule's module is its attribute `mod`.", "调度对应的模块是它的属性 `mod`。")


def prepare(task: Task, answer: Any) -> Any:
    """The answer as judges see it: a replayed schedule, a module, a function, or a plain value.

    Raises:
        CheckFailure: it is not there, or of another kind than the task asks for.
    """
    if answer is None or answer is Ellipsis or answer is NotImplemented:
        raise unsolved()
    if task.kind == "trace":
        return _replayed(task, answer)
    if task.kind == "module":
        return as_module(answer, task.entry)
    if task.kind == "program":
        if not callable(answer) or isinstance(answer, type):
            raise _wrong_kind(task, answer)
        return answer
    try:
        return plain_json(answer, place="answer")
    except NotPlain as error:
        raise CheckFailure(expected=WANTED["value"], found=error.text) from error


def as_module(answer: Any, entry: str) -> "tvm.IRModule":
    """An ``IRModule`` as it is; a single function as a module in which it is called ``entry``.

    Raises:
        CheckFailure: anything else, a ``Schedule`` included.
    """
    import tvm

    module = module_of(answer, entry)
    if module is not None:
        return module
    hint = None
    if isinstance(answer, tvm.s_tir.Schedule):
        hint = MODULE_OF_SCHEDULE
    raise CheckFailure(expected=WANTED["module"], found=_described(answer), hint=hint)


def plain_trace(schedule: "tvm.s_tir.Schedule") -> list[Any]:
    """The trace of a schedule as plain JSON data: the form in which it leaves a student's process."""
    return _plain_json_of_tvm(schedule.trace.as_json())


def _plain_json_of_tvm(value: Any) -> Any:
    from tvm.tirx import FloatImm, IntImm

    if isinstance(value, IntImm):
        return bool(value.value) if value.ty.dtype == "bool" else int(value.value)
    if isinstance(value, FloatImm):
        return float(value.value)
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return [_plain_json_of_tvm(v) for v in value]


def replay(task: Task, trace: Any) -> "tvm.s_tir.Schedule":
    """A fresh schedule of the task's own module, with the steps of a trace applied.

    If the task has a seed, the samples are drawn anew from it.

    Args:
        trace: as ``plain_trace`` gives it.

    Raises:
        CheckFailure: a step does not apply to the task's module.
    """
    import tvm
    from tvm.s_tir.schedule import Trace

    assert task.module is not None, "Task.__post_init__ requires a module of kind 'trace'"
    schedule = tvm.s_tir.Schedule(task.module(), seed=task.seed, error_render_level="detail")
    try:
        if task.seed is not None:
            steps, _decisions = trace
            trace = [steps, []]  # what has no decision is drawn anew
        Trace.apply_json_to_schedule(trace, schedule)
    except Exception as error:
        expected = Text(
            "a schedule whose steps apply to the module of this exercise", "一个各步骤都能用于本题模块的调度"
        )
        raise failure_of(error, expected=expected) from error
    return schedule


def _replayed(task: Task, answer: Any) -> "tvm.s_tir.Schedule":
    import tvm

    if not isinstance(answer, tvm.s_tir.Schedule):
        raise _wrong_kind(task, answer)
    if answer.trace is None:
        raise CheckFailure(expected=Text("a schedule that kept its trace", "保留了轨迹的调度"), found="trace None")
    return replay(task, plain_trace(answer))


def _wrong_kind(task: Task, answer: Any) -> CheckFailure:
    return CheckFailure(expected=WANTED[task.kind], found=_described(answer))


def _described(answer: Any) -> Text:
    kind = type(answer).__name__
    return Text(f"a value of type {kind}", f"类型为 {kind} 的值")
