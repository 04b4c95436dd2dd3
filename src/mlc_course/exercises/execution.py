"""Run the cells of a notebook in a kernel and say in one sentence why, if it stops early."""

import os
from pathlib import Path
from typing import Any

from mlc_course.exercises.time_limit import GRACE
from mlc_ref.language import Text


class StoppedEarly(Exception):
    """The process ended in a cell, or the cell took too long; the cells after it did not run.

    Attributes:
        number: of the cell, from 1; 0 if the process ended before the first.
        reason: what happened, without a subject.
        message: one sentence that names the cell.
    """

    def __init__(self, cell: dict[str, Any], reason: Text):
        self.number = int(cell.get("number", 0))
        self.reason = reason
        first = next(iter(str(cell.get("source", "")).splitlines()), "")[:60]
        self.message = Text(
            f"cell {self.number} ({first!r}) {reason.en}", f"第 {self.number} 个单元（{first!r}）{reason.zh}"
        )
        super().__init__(self.message.en)


def execute(notebook: Any, folder: Path, environment: dict[str, str], *, timeout: int) -> None:
    """Execute every cell in ``folder``; a cell that raises does not stop the ones after it.

    Args:
        notebook: its cells get their outputs.
        environment: variables added to this process's own.
        timeout: seconds that one cell may take.

    Raises:
        StoppedEarly: naming the cell.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    current: dict[str, Any] = {}

    def remember(cell: Any, cell_index: int) -> None:
        current.update(number=cell_index + 1, source=cell.source)

    client = NotebookClient(
        notebook,
        timeout=timeout + GRACE,
        kernel_name="python3",
        allow_errors=True,
        on_cell_execute=remember,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env={**os.environ, **environment})
    except CellTimeoutError as error:
        raise cell_took_too_long(current, timeout) from error
    except DeadKernelError as error:
        raise cell_died(current) from error


def cell_took_too_long(cell: dict[str, Any], seconds: int) -> StoppedEarly:
    """The exception for a cell, given by ``number`` and ``source``, that was stopped after so long."""
    return StoppedEarly(
        cell, Text(f"took longer than {seconds} seconds and was stopped", f"运行超过 {seconds} 秒，已被停止")
    )


def cell_died(cell: dict[str, Any]) -> StoppedEarly:
    """The exception for a cell, given by ``number`` and ``source``, that took the process with it."""
    return StoppedEarly(
        cell,
        Text(
            "ended the Python process (a crash in native code, or too little memory)",
            "使 Python 进程结束（本机代码崩溃，或内存不足）",
        ),
    )
