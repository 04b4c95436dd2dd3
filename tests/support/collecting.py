"""A course folder with the toy assignment, and ``nbgrader zip_collect`` run in it."""

import contextlib
import io
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

ZONES = ["Asia/Shanghai", "UTC", "America/Los_Angeles"]


@dataclass
class Course:
    """An instructor's folder; `put` places downloads, `collect` runs the command."""

    folder: Path

    def put(self, files: dict[str, bytes | str], assignment: str = "toy") -> Path:
        place = self.folder / "downloaded" / assignment / "archive"
        for name, content in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    def configure(self, text: str) -> None:
        with (self.folder / "nbgrader_config.py").open("a") as file:
            file.write(text)

    def collect(self, *options: str, assignment: str = "toy") -> str:
        """The table, or the message with which the command ended."""
        from nbgrader.apps import ZipCollectApp

        ZipCollectApp.clear_instance()
        app = ZipCollectApp()
        said = io.StringIO()
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            app.initialize([assignment, "--log-level=ERROR", *options])
            with contextlib.redirect_stdout(said):
                app.start()
        finally:
            os.chdir(here)
        return said.getvalue()

    def taken(self) -> dict[str, str]:
        """What lies in ``submitted/``."""
        top = self.folder / "submitted"
        files = [path for path in top.rglob("*") if path.is_file()]
        return {str(path.relative_to(top)): path.read_text("utf-8") for path in files}

    def notebooks(self) -> dict[str, str]:
        return {name.split("/")[0]: text for name, text in self.taken().items() if name.endswith("/toy/toy.ipynb")}

    def times(self) -> dict[str, str]:
        return {name.split("/")[0]: text for name, text in self.taken().items() if name.endswith("timestamp.txt")}

    def enter(self, *students: str) -> None:
        from nbgrader.api import Gradebook

        from mlc_course.grading.classroom.gradebook import _let_nbgrader_find_alembic

        _let_nbgrader_find_alembic()
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", "mlc") as gradebook:
            for student in students:
                gradebook.add_student(student)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> float:
    """Seconds of a time on the clock of this machine."""
    return datetime(year, month, day, hour, minute).timestamp()


def utc(seconds: float) -> str:
    """A time as ``timestamp.txt`` has it."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def info(name: str, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> zipfile.ZipInfo:
    """A zip's member with a time on the clock of whoever packed it."""
    return zipfile.ZipInfo(name, (year, month, day, hour, minute, 0))


def line(said: str, text: str) -> str:
    """The one line of a table that holds a text."""
    lines = [line for line in said.splitlines() if text in line]
    assert len(lines) == 1, said
    return lines[0]
