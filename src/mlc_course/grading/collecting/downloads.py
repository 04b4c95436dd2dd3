"""Find the notebooks in a folder of downloads, in archives and in students' archives within them.

Every notebook and every archive ends in one `HandIn` or one `Row`; what else lies there is counted.
"""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from mlc_course.grading.collecting.handins import HandIn, Row, with_remark
from mlc_course.grading.collecting.names import decode_name, place_of
from mlc_course.grading.collecting.owners import Owner, as_extracted, junk, mirrored, plain_name
from mlc_course.grading.vetting.archive_members import CLASS, PACK_AGAIN, STUDENT, ArchiveRefused, Bounds, Member
from mlc_course.grading.vetting.archives import FOREIGN, archive_ending, members
from mlc_course.grading.vetting.file_times import Moment, plausible
from mlc_course.grading.vetting.notebook import MAX_FILE

MAX_DEPTH, MAX_FILES = 24, 100_000  # of folders in the downloads, and files in them


class Rule(Protocol):
    """How it is told whose a file is; see `mlc_course.grading.collecting.owners`."""

    def wanted(self, name: str) -> bool: ...
    def owner(self, place: tuple[str, ...]) -> Owner | str: ...
    def owner_of_archive(self, place: tuple[str, ...]) -> Owner | str: ...
    def own(self, owner: Owner, place: tuple[str, ...]) -> Owner | str: ...


@dataclass(frozen=True)
class _File:
    """A file to look at, where it lies (folders and archives around it included), and what it is called in messages."""

    stream: IO[bytes]
    size: int
    place: tuple[str, ...]
    where: str
    moment: Moment | None
    remark: str = ""


class Downloads:
    """Reads a folder of downloads.

    `found`, `rows` and `others` (names of what is neither notebook nor archive) hold what there was.

    Args:
        rule: tells whose a file is.
        spool: an empty folder for the contents of what is found.
        mirror: extract files to where they lay, not to ``<student>_<notebook>``.
        opened: endings of archives that are opened.
    """

    def __init__(self, rule: Rule, spool: Path, *, mirror: bool = False, opened: tuple[str, ...] | None = None):
        self._rule, self._spool, self._mirror, self._opened = rule, spool, mirror, opened
        self.found: list[HandIn] = []
        self.rows: list[Row] = []
        self.others: list[str] = []

    def read(self, folder: Path) -> None:
        """Find what there is; whatever is wrong with a file costs only that file."""
        for path, place in self._files(folder):
            where = "/".join(place)
            try:
                with _regular(path) as stream:
                    info = os.fstat(stream.fileno())
                    seconds = plausible(info.st_mtime)
                    moment = None if seconds is None else Moment(seconds, "file")
                    self._file(_File(stream, info.st_size, place, where, moment))
            except Exception as error:  # one file's trouble, whatever it is, stands in its row
                self._pass(where, f"{type(error).__name__}: {str(error)[:200]}")

    def _pass(self, where: str, why: str, student: str = "", moment: Moment | None = None) -> None:
        self.rows.append(Row("passed over", student, where, moment, why))

    def _files(self, folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """Files below a folder in the order of their names; links are not followed."""
        count = 0
        waiting: list[tuple[Path, tuple[str, ...]]] = [(folder, ())]
        while waiting:
            top, above = waiting.pop()
            below = []
            for entry in self._entries(top, above):
                count += 1
                name = decode_name(os.fsencode(entry.name))
                if count > MAX_FILES:
                    self._pass(
                        "/".join((*above, name)), f"more than {MAX_FILES} files and folders; the rest is not read"
                    )
                    return
                place = self._place((*above, name))
                if place is None:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if len(place) < MAX_DEPTH:
                        below.append((Path(entry.path), place))
                    else:
                        self._pass("/".join(place), f"folders nested more than {MAX_DEPTH} deep")
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), place
                else:
                    self._pass("/".join(place), "a link, a pipe or a device")
            waiting += reversed(below)

    def _entries(self, folder: Path, place: tuple[str, ...]) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._pass("/".join(place) or folder.name, str(error))
            return []

    def _place(self, parts: tuple[str, ...]) -> tuple[str, ...] | None:
        try:
            return place_of("/".join(parts))
        except ValueError as error:
            self._pass("/".join(parts), str(error))
            return None

    def _archive(self, name: str) -> bool:
        ending = archive_ending(name)
        return ending is not None and (self._opened is None or os.path.splitext(name)[1].lower() in self._opened)

    def _file(self, file: _File) -> None:
        """A downloaded file: a student's, or an archive of the class."""
        name = file.place[-1]
        if self._left(file):
            return
        rule = self._rule.owner_of_archive if self._archive(name) else self._rule.owner
        owner = rule((*file.place[:-1], as_extracted(name)))
        if isinstance(owner, Owner):
            self._owned(owner, file)
        elif self._archive(name):
            self._class(file)
        else:
            self._pass(file.where, owner)

    def _left(self, file: _File) -> bool:
        """Whether a file is neither a notebook nor an archive that is opened; it is told or counted then."""
        name = file.place[-1]
        if junk(file.place):
            return True
        if self._archive(name) or self._rule.wanted(name):
            return False
        if archive_ending(name, FOREIGN):
            self._pass(file.where, f"archives of this kind cannot be read; {PACK_AGAIN}")
        elif archive_ending(name):
            self._pass(file.where, "ExtractorPlugin.zip_ext leaves archives with this ending closed")
        else:
            self.others.append(file.where)
        return True

    def _owned(self, owner: Owner, file: _File) -> None:
        if owner.problem:
            self._pass(file.where, owner.problem, owner.student, file.moment)
        elif self._archive(file.place[-1]):
            self._own_archive(owner, file)
        else:
            alone = f"{_around(file)}|{owner.student}|{owner.number}" if owner.number else file.where
            self._take(owner, file, parcel=alone, attempt=owner.attempt)

    def _class(self, file: _File) -> None:
        """An archive of the class: what lies in it is a student's by its own name."""
        for inner in self._members(file, CLASS):
            owner = self._rule.owner((*inner.place[:-1], as_extracted(inner.place[-1])))
            if isinstance(owner, Owner):
                self._owned(owner, inner)
            elif self._archive(inner.place[-1]):
                self._pass(inner.where, "an archive in an archive is named <student>_<assignment>")
            else:
                self._pass(inner.where, owner)

    def _own_archive(self, owner: Owner, file: _File) -> None:
        """A student's archive: every notebook in it is that student's, and as old as the archive."""
        before = len(self.found) + len(self.rows)
        for inner in self._members(file, STUDENT):
            if self._archive(inner.place[-1]):
                self._pass(inner.where, "an archive in a student's archive", owner.student)
                continue
            found = self._rule.own(owner, inner.place)
            if isinstance(found, str) or found.problem:
                why = found if isinstance(found, str) else found.problem
                self._pass(inner.where, why, owner.student)
                continue
            own = inner.moment if inner.moment and inner.moment.source == "member" else None
            moment = found.moment or owner.moment or file.moment
            self._take(
                replace(found, moment=moment, packed_now=False),
                replace(inner, moment=moment, remark=file.remark),
                parcel=file.where,
                attempt=owner.attempt,
                inner=own.seconds if own else None,
            )
        if len(self.found) + len(self.rows) == before:
            self._pass(file.where, f"there is no {owner.file} in it", owner.student, file.moment)

    def _members(self, file: _File, bounds: Bounds) -> Iterator[_File]:
        """What may be taken from an archive; the archive's own time stands in for that of a member without one."""
        try:
            for member in members(file.stream, file.place[-1], file.size, bounds, self._may_hold_one):
                if not isinstance(member, Member):
                    self._pass(f"{file.where}: {member.path}", member.why)
                elif not self._left(inner := _inner(member, file)):
                    yield inner
        except ArchiveRefused as error:
            self._pass(file.where, str(error))

    def _may_hold_one(self, name: str) -> bool:
        if name.startswith("._"):
            return False
        if self._rule.wanted(name) or archive_ending(name, (*FOREIGN, ".zip", ".gz", ".tgz", ".tar")):
            return True
        self.others += [name] if name else []
        return False

    def _take(self, owner: Owner, file: _File, *, parcel: str, attempt: int, inner: float | None = None) -> None:
        content = file.stream.read(MAX_FILE + 1)
        target = mirrored(file.place) if self._mirror else f"{owner.student}_{owner.file}"
        spooled = self._spool / str(len(self.found))
        spooled.write_bytes(content)
        digest = hashlib.sha256(content).digest()
        moment = owner.moment or file.moment
        one = HandIn(owner, parcel, attempt, file.where, moment, inner, digest, str(spooled), target)
        one = with_remark(with_remark(one, owner.remark), file.remark)
        if not owner.named:
            one = with_remark(one, f"called {file.place[-1]}")
        if len(content) > MAX_FILE:
            one = with_remark(one, f"longer than {MAX_FILE} bytes, cannot be graded")
        if moment and moment.in_future:
            one = with_remark(one, "its time lies in the future")
        self.found.append(one)


def _regular(path: Path) -> IO[bytes]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    stream = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        stream.close()
        raise OSError("not a regular file")
    return stream


def _around(file: _File) -> str:
    """The archive or folder a file lies in."""
    return file.where.rpartition(": ")[0] or "/".join(file.place[:-1])


def _inner(member: Member, file: _File) -> _File:
    moment, remark = file.moment, file.remark
    if member.modified is not None:
        moment, remark = Moment(member.modified, "member"), ""
    elif moment:
        moment, remark = replace(moment, source="archive"), "no time in the archive: the archive's own counts"
    path = (*member.folder, member.name)
    place = (*file.place[:-1], plain_name(file.place[-1]), *path)
    where = f"{file.where}: {'/'.join(path)}"
    return _File(io.BytesIO(member.content), len(member.content), place, where, moment, remark)
