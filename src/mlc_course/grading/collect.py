"""``nbgrader zip_collect``: notebooks out of what was downloaded, with each student's archive held to that student.

A file or archive called ``<student>_<assignment>`` is the student's own work: whatever is in it counts as that
student's. Any other archive is the class's, as a learning platform makes it.
"""

import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin

from mlc_course.grading.archives import CLASS, STUDENT, ArchiveRefused, Member, archive_ending, members
from mlc_course.grading.submission import MAX_FILE

STUDENT_NAME = r"\w(?:[\w.@+ -]*[\w.@+-])?"


@dataclass(frozen=True)
class Found:
    """A notebook somebody handed in: whose, for which assignment, where it was, when it was written (seconds)."""

    student: str
    stem: str
    where: str
    modified: float
    content: bytes


@dataclass(frozen=True)
class Download:
    """A file that was downloaded, or that lay in an archive that was."""

    file: IO[bytes]
    name: str
    size: int
    modified: float
    where: str


class BoundedExtractor(ExtractorPlugin):
    """Writes every student's newest notebook to ``extracted/<student>_<assignment>.ipynb``, and nothing else."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        taken: dict[str, Found] = {}
        for path in _files(Path(archive_path)):
            for found in self._notebooks(path):
                name = f"{found.student}_{found.stem}.ipynb"
                before = taken.get(name, found)
                newest = max(before, found, key=_time)
                if before is not found:
                    self.log.warning("%s was handed in twice: the newer is taken, %s", name, newest.where)
                if newest is found:
                    (Path(extracted_path) / name).write_bytes(found.content)
                taken[name] = replace(newest, content=b"")
                self.log.info("%s: %s", found.where, name)

    def _notebooks(self, path: Path) -> Iterator[Found]:
        """The notebooks in one downloaded file; a broken archive is named and costs no other its place."""
        with path.open("rb") as file:
            info = os.fstat(file.fileno())
            yield from self._in_file(
                Download(file, path.name, info.st_size, info.st_mtime, str(path)), whole_class=True
            )

    def _in_file(self, one: Download, *, whole_class: bool) -> Iterator[Found]:
        owner, name, where = owner_of(one.name), one.name, one.where
        if archive_ending(name) is None:
            if owner and name.endswith(".ipynb"):
                yield Found(*owner, where, one.modified, one.file.read(MAX_FILE + 1))
            else:
                self.log.warning("%s: passed over, %s", where, _naming())
            return
        if owner is None and not whole_class:
            self.log.warning("%s: passed over, an archive in an archive is named <student>_<assignment>", where)
            return
        try:
            if owner:
                yield _own(owner, one, members(one.file, name, one.size, STUDENT, _notebook_of(owner)))
            else:
                for member in members(one.file, name, one.size, CLASS, _may_hold_one):
                    yield from self._in_file(_inner(member, where), whole_class=False)
        except ArchiveRefused as error:
            self.log.warning("%s: passed over, %s", where, error)


def owner_of(name: str) -> tuple[str, str] | None:
    """Student and assignment in the name of a file, if it has both."""
    from mlc_course.exercises.catalog import exercise_stems

    stems = "|".join(map(re.escape, exercise_stems()))
    match = re.fullmatch(
        rf"(?P<student>{STUDENT_NAME})_(?P<stem>{stems})",
        name.removesuffix(archive_ending(name) or "").removesuffix(".ipynb"),
    )
    return (match["student"], match["stem"]) if match else None


def _naming() -> str:
    from mlc_course.exercises.catalog import exercise_stems

    return f"name it <student>_<assignment>.ipynb, with an assignment out of {', '.join(exercise_stems())}"


def _own(owner: tuple[str, str], one: Download, found: Iterator[Member]) -> Found:
    """The newest notebook of a student's own archive; it is as old as the archive."""
    newest = max(found, key=_time, default=None)
    if newest is None:
        raise ArchiveRefused(f"there is no {owner[1]}.ipynb in it")
    return Found(*owner, _inner(newest, one.where).where, one.modified, newest.content)


def _inner(member: Member, where: str) -> Download:
    path = "/".join((*member.folder, member.name))
    return Download(io.BytesIO(member.content), member.name, len(member.content), member.modified, f"{where}: {path}")


def _notebook_of(owner: tuple[str, str]) -> Callable[[str], bool]:
    student, stem = owner
    return lambda name: name in (f"{stem}.ipynb", f"{student}_{stem}.ipynb")


def _may_hold_one(name: str) -> bool:
    return name.endswith(".ipynb") or archive_ending(name) is not None


def _time(one: Member | Found) -> float:
    return one.modified


def _files(folder: Path) -> list[Path]:
    """Regular files below a folder; links are not followed."""
    paths = [Path(top) / name for top, _folders, names in os.walk(folder) for name in names]
    return sorted(path for path in paths if stat.S_ISREG(path.lstat().st_mode))
