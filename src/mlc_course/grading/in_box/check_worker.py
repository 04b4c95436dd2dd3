"""Runs in the judges' box: the checks of a set, on answers that were vetted, never on a student's code.

Answers arrive as data. Whatever a check wants to run is asked for with a message, and run elsewhere; only
arrays and vetted modules come back.
"""

from typing import Any

import numpy as np

from mlc_course.exercises.answers import as_module, replay
from mlc_course.exercises.calls import Libraries, check_module_options, check_program_options, require_entry
from mlc_course.exercises.catalog import load_task, load_tasks
from mlc_course.exercises.local import judge_parts
from mlc_course.exercises.reports import part_to_json, report_to_json
from mlc_course.grading.in_box.endpoint import SINGLE
from mlc_course.grading.protocol.channel import Channel, failure_from_plain
from mlc_course.grading.protocol.codec import ModuleText
from mlc_ref.checks.task import Report, Task
from mlc_ref.language import Text


def load(stems: list[str]) -> None:
    """Load TVM and the checks of the sets to be judged."""
    import tvm
    import tvm.relax
    import tvm.s_tir  # noqa: F401

    for stem in stems:
        load_tasks(stem)


def serve(channel: Channel, message: dict[str, Any]) -> None:
    """Answer one request: describe a set's tasks, or judge one item."""
    if "describe" in message:
        channel.send({"tasks": [_description(task) for task in load_tasks(message["describe"])]})
        return
    task = load_task(message["stem"], message["item"])
    rng = np.random.default_rng(message["seed"])
    answer = message["answer"]
    # Results go out one by one: a part that ends this process takes none with it that was judged before.
    results = judge_parts(
        task,
        lambda: _prepared(task, answer),
        lambda t, a: RemoteCall(channel, t, a),
        rng,
        lambda result: channel.send({"part": part_to_json(result)}),
    )
    channel.send({"report": report_to_json(Report(task.name, task.title, results, "en", message["seed"]))})


class RemoteCall:
    """The ``call`` of ``run`` parts: asks for the answer to be run, and waits for arrays."""

    def __init__(self, channel: Channel, task: Task, answer: Any):
        self._channel, self._task = channel, task
        self._module = None if task.kind == "program" else answer.mod if task.kind == "trace" else answer
        self._text: ModuleText | None = None

    def __call__(
        self,
        *inputs: Any,
        out: Any = None,
        returns: str = "result",
        entry: str | None = None,
        scalars_only: bool = False,
    ) -> Any:
        if self._module is None:
            check_program_options(out, returns, entry)
            return self._ask({"loops" if scalars_only else "program": {"inputs": list(inputs), "returns": returns}})
        check_module_options(returns, scalars_only)
        self._text = self._text or module_text(self._module)
        return self._run(self._module, self._text, inputs, out, entry or self._task.entry)

    def module(
        self, mod: Any, *inputs: Any, out: Any = None, entry: str = "main", libraries: Libraries | None = None
    ) -> Any:
        mod = as_module(mod, entry)
        return self._run(mod, module_text(mod), inputs, out, entry, libraries)

    def library(self, file: np.ndarray, *inputs: Any, entry: str = "main") -> Any:
        return self._ask({"library": {"file": file, "inputs": list(inputs), "out": None, "entry": entry}})

    def _run(
        self,
        mod: Any,
        text: ModuleText,
        inputs: tuple[Any, ...],
        out: Any,
        entry: str,
        libraries: Libraries | None = None,
    ) -> Any:
        require_entry(mod, entry)
        shapes = None if out is None else [[[int(n) for n in shape], str(dtype)] for shape, dtype in out]
        asked = {"text": text, "inputs": list(inputs), "out": shapes, "entry": entry}
        return self._ask({"module": {**asked, "libraries": dict(libraries or {})}})

    def _ask(self, message: dict[str, Any]) -> Any:
        self._channel.send(message)
        reply = self._channel.receive()
        if "failure" in reply:
            raise failure_from_plain(reply["failure"])
        return _loaded(reply["result"])


def module_text(module: Any) -> ModuleText:
    """A module as JSON."""
    import tvm

    return ModuleText(tvm.ir.save_json(module))


def _loaded(value: Any) -> Any:
    """Modules loaded wherever they stand in plain data; they were vetted on their way here."""
    import tvm

    if isinstance(value, ModuleText):
        return tvm.ir.load_json(value.text)
    if isinstance(value, list | tuple):
        return type(value)(_loaded(v) for v in value)
    if isinstance(value, dict):
        return {k: _loaded(v) for k, v in value.items()}
    return value


def _prepared(task: Task, answer: dict[str, Any]) -> Any:
    """The answer as checks see it, from the form in which it left the student's process."""
    if task.kind == "trace":
        return replay(task, answer["trace"])
    if task.kind == "module":
        module = _loaded(answer["module"])
        names = [var.name_hint for var in module.get_global_vars()]
        return as_module(module[SINGLE] if names == [SINGLE] else module, task.entry)
    return None if task.kind == "program" else answer["value"]


def _description(task: Task) -> dict[str, Any]:
    parts = [{"name": p.name, "points": p.points, "title": _both(p.title)} for p in task.parts]
    return {"name": task.name, "kind": task.kind, "title": _both(task.title), "entry": task.entry, "parts": parts} | {
        "externs": dict(task.externs)
    }


def _both(text: Text) -> list[str]:
    return [text.en, text.zh]
