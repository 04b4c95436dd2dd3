"""Run the cells of a notebook that holds plain Python in one process, without a Jupyter kernel."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

from mlc_course.exercises.catalog import ChecksError
from mlc_course.exercises.execution import cell_died, cell_took_too_long
from mlc_course.exercises.reports import report_from_json
from mlc_course.exercises.time_limit import GRACE
from mlc_ref.checks.task import Report
from mlc_ref.language import Text

_NOT_LOADED = Text("The checks of {stem} could not be loaded: {reason}", "无法加载 {stem} 的检查：{reason}")
_ENDED = Text("its process ended", "加载检查的进程已结束")
_NOTEBOOK_NAMES = ("get_ipython", "display(")  # names that only a Jupyter kernel knows


def is_plain(notebook: Any) -> bool:
    """Whether every code cell is Python that needs no Jupyter kernel: no magics, no top-level ``await``."""
    return all(_is_plain_source(cell.source) for cell in notebook.cells if cell.cell_type == "code")


def _is_plain_source(source: str) -> bool:
    if any(name in source for name in _NOTEBOOK_NAMES):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<cell>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


class CellProcess:
    """``cell_process`` from the parent's side; it starts with the ``with`` block and does not outlive it.

    Call ``items`` first, then at most once ``run``.
    """

    def __enter__(self) -> "CellProcess":
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mlc_course.exercises.cell_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._listener.join()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._errors.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put(None)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it ended; the answer will be missing, and that is reported
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def items(self, stem: str) -> list[Report]:
        """The items of an exercise set, as reports of checks that did not run.

        Raises:
            ChecksError: the set's checks cannot be loaded.
        """
        self._tell(stem)
        answer = self._said.get()
        if answer is None:
            raise ChecksError(_NOT_LOADED.format(stem=stem, reason=self._last_error()))
        if "problem" in answer:
            raise ChecksError(Text(**answer["problem"]))
        return [report_from_json(item) for item in answer["items"]]

    def _last_error(self) -> str | Text:
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else _ENDED

    def run(self, notebook: Any, folder: Path, environment: dict[str, str], *, timeout: int) -> None:
        """Execute every cell in ``folder``, as ``execution.execute`` does in a kernel.

        Args:
            notebook: its cells get an output for each error; nothing else of what they show is kept.
            environment: variables added to this process's own.
            timeout: seconds that one cell may take.

        Raises:
            StoppedEarly: naming the cell.
        """
        from nbformat.v4 import new_output

        cells = [(n, cell.source) for n, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
        for number, _source in cells:
            notebook.cells[number - 1].outputs = []
        files = str(folder.parent / "cells")
        self._tell(json.dumps({"folder": str(folder), "files": files, "environment": environment, "cells": cells}))
        current: dict[str, Any] = {}
        while True:
            try:
                event = self._said.get(timeout=timeout + GRACE if current else None)
            except queue.Empty:
                raise cell_took_too_long(current, timeout) from None
            if event is None:
                raise cell_died(current)
            if "done" in event:
                return
            if "cell" in event:
                current.update(number=event["cell"], source=notebook.cells[event["cell"] - 1].source)
            else:
                error = new_output("error", ename=event["ename"], evalue=event["evalue"], traceback=[])
                notebook.cells[event["error"] - 1].outputs.append(error)
