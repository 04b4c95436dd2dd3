"""The process that ``mlc check`` starts for a notebook of plain Python: it loads the checks and runs the cells.

It imports TVM at once, while its parent still reads the notebook, and so the two are ready together. Both talk in
JSON, a value a line, on standard input and output; ``cells`` is the parent's side.
"""

import json
import os
import sys
import types
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from mlc_course.exercises.catalog import ChecksError, load_tasks
from mlc_course.exercises.failures import not_run
from mlc_course.exercises.reports import failed_parts, report_to_json
from mlc_ref.checks.task import Report


def main() -> None:
    """Answer with the items of the set that is asked for, then run the cells that come."""
    talk = _keep_standard_output()
    import tvm  # noqa: F401 - every set needs it

    try:
        tasks = load_tasks(sys.stdin.readline().strip())
    except ChecksError as error:
        _say(talk, problem=asdict(error.text))
        return
    items = [Report(task.name, task.title, tuple(failed_parts(task.parts, not_run(None)))) for task in tasks]
    _say(talk, items=[report_to_json(item) for item in items])
    order = sys.stdin.readline()
    if order:
        _run(json.loads(order), talk)


def _keep_standard_output() -> TextIO:
    """The talk with the parent; what the cells print goes nowhere."""
    talk = os.fdopen(os.dup(1), "w", encoding="utf-8")
    _connect_to_nothing(1, os.O_WRONLY)
    return talk


def _connect_to_nothing(descriptor: int, flags: int) -> None:
    nothing = os.open(os.devnull, flags)
    os.dup2(nothing, descriptor)
    os.close(nothing)


def _say(talk: TextIO, **what: Any) -> None:
    talk.write(json.dumps(what, ensure_ascii=False) + "\n")
    talk.flush()


def _run(order: dict[str, Any], talk: TextIO) -> None:
    """Run cells in the order's folder with its variables, as the module ``__main__``, and tell what they raise."""
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    os.environ.setdefault("MPLBACKEND", "agg")
    _connect_to_nothing(0, os.O_RDONLY)
    sys.path[0] = ""  # modules beside the notebook can be imported, as in a kernel
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    files = Path(order["files"])
    files.mkdir(exist_ok=True)
    for number, source in order["cells"]:
        _say(talk, cell=number)
        file = files / f"cell_{number}.py"  # a file, so that tracebacks and TVMScript find the source
        file.write_text(source, "utf-8")
        try:
            exec(compile(source, str(file), "exec"), vars(main))
        except BaseException as error:
            _say(talk, error=number, ename=type(error).__name__, evalue=str(error))
    _say(talk, done=True)


if __name__ == "__main__":
    main()
