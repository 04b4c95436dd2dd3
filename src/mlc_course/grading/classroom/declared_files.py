"""What of a folder that was handed in goes on to ``autograded/`` and ``feedback/``: the notebook, its time, declared files.

An assignment declares files with nbgrader's own setting, ``c.Autograde.exclude_overwriting = {"<assignment>": ["name.csv"]}``.
Anything else stays in ``submitted/``, however it came there, and the log names it.
"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from mlc_course.grading.vetting.notebook import MAX_FILE

STAMP = "timestamp.txt"
NAMED = 5  # files that the log names
# What a browser that is given the file might run or lay out; it is kept under a name that makes it text.
_ACTIVE = {
    ".html",
    ".htm",
    ".shtml",
    ".xhtml",
    ".xht",
    ".mhtml",
    ".svg",
    ".svgz",
    ".xml",
    ".xsl",
    ".xslt",
    ".js",
    ".mjs",
}
_ACTIVE |= {".pdf", ".css", ".wasm", ".swf", ".hta", ".url", ".webloc"}


def take_only_declared() -> None:
    """Have nbgrader's converters of submissions copy declared files only; done once for the whole process."""
    from nbgrader.converters import Autograde, GenerateFeedback
    from nbgrader.converters.base import BaseConverter

    original = BaseConverter.init_assignment
    if original.__module__ == __name__:
        return

    def init_assignment(self: Any, assignment_id: str, student_id: str) -> None:
        if not isinstance(self, Autograde | GenerateFeedback):
            original(self, assignment_id, student_id)
            return
        source, target = (Path(form(assignment_id, student_id)) for form in (self._format_source, self._format_dest))
        declared = Autograde(coursedir=self.coursedir, config=self.config).exclude_overwriting.get(assignment_id, ())
        taken = _take(source, target, declared)
        if isinstance(self, Autograde):
            _name_left_out(self.log, source, {*taken, *(Path(notebook).name for notebook in self.notebooks)})

    BaseConverter.init_assignment = init_assignment
    _read_times_of_regular_files()


def _read_times_of_regular_files() -> None:
    """Have nbgrader read ``timestamp.txt`` only where it is a plain, short file: opening a pipe would wait for ever."""
    from nbgrader.coursedir import CourseDirectory

    from mlc_course.grading.classroom.gradebook import time_in

    def get_existing_timestamp(self: Any, dest_path: str) -> Any:
        return time_in(Path(dest_path, STAMP))

    CourseDirectory.get_existing_timestamp = get_existing_timestamp


def declared_name(name: str) -> str:
    """The name under which a declared file is kept: as text, if a browser would do more with it than download it."""
    return f"{name}.txt" if PurePosixPath(name).suffix.lower() in _ACTIVE else name


def _take(source: Path, target: Path, declared: Iterable[str]) -> set[str]:
    """Copy the time and the declared files; the first parts of their paths."""
    taken = set()
    for name in (STAMP, *declared):
        parts = PurePosixPath(name).parts
        if PurePosixPath(name).is_absolute() or ".." in parts or not parts or parts[-1].endswith(".ipynb"):
            continue
        for said in dict.fromkeys((name, declared_name(name))):  # from submitted/, or from autograded/
            content = _content(source, source / said)
            if content is not None:
                place = target / declared_name(name)
                place.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):
                    place.unlink()  # an earlier copy may be read-only
                place.write_bytes(content)
                taken.add(parts[0])
    return taken


def _content(folder: Path, path: Path) -> bytes | None:
    """A regular file in a folder, if it is one and not too large; no link is followed."""
    try:
        if not path.parent.resolve().is_relative_to(folder.resolve()):
            return None
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            content = file.read(MAX_FILE + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
            return content if stat.S_ISREG(os.fstat(file.fileno()).st_mode) and len(content) <= MAX_FILE else None
    except (OSError, ValueError):
        return None


def _name_left_out(log: Any, source: Path, taken: set[str]) -> None:
    """Say what stays behind; names are a student's to choose."""
    with os.scandir(source) as entries:
        others = sorted(entry.name for entry in entries if entry.name not in taken)
    named = ", ".join("".join(c if c.isprintable() else "?" for c in name[:80]) for name in others[:NAMED])
    more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
    if others:
        hint = "declare files an assignment asks for in c.Autograde.exclude_overwriting"
        log.warning("%s: not taken along: %s%s; %s", source, named, more, hint)
