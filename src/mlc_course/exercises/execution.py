"""Run the cells of a notebook in a kernel and say in one sentence why, if it stops early."""

import os
from pathlib import Path
from typing import Any


class StoppedEarly(Exception):
    """The kernel died or a cell took too long; the cells after it did not run."""


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
        timeout=timeout,
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


_ADVICE = "Run the notebook cell by cell up to this one to see what it does."


def cell_took_too_long(cell: dict[str, Any], seconds: int) -> StoppedEarly:
    """The exception for a cell, given by ``number`` and ``source``, that was stopped after so long."""
    reason = f"took longer than {seconds} seconds and was stopped"
    return StoppedEarly(f"{_place(cell)} {reason}; the cells after it did not run. {_ADVICE}")


def cell_died(cell: dict[str, Any]) -> StoppedEarly:
    """The exception for a cell, given by ``number`` and ``source``, that took the process with it."""
    reason = "ended the Python process (a crash in native code, or too little memory)"
    return StoppedEarly(f"{_place(cell)} {reason}; the cells after it did not run. {_ADVICE}")


def _place(current: dict[str, Any]) -> str:
    first = next(iter(str(current.get("source", "")).splitlines()), "")
    return f"cell {current.get('number', 0)} ({first[:60]!r})"
