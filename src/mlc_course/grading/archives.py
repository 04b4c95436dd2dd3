"""Read the notebooks out of an archive a student may have made: bounded in members, bytes and growth, no path is followed.

What an archive says of itself (sizes, counts, names) is never believed: bytes are counted as they come out.
"""

import calendar
import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from mlc_course.grading.submission import MAX_FILE

ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar", ".gz")


class ArchiveRefused(Exception):
    """An archive was not read, or not to its end; the message says what was found and what is allowed."""


@dataclass(frozen=True)
class Bounds:
    """What one archive may hold.

    Attributes:
        packed: bytes of the archive itself.
        members: files and folders in it.
        unpacked: bytes of all members that are read, together.
        growth: how many times larger than the archive they may be, beyond the first ``free`` bytes.
    """

    packed: int = 16 * 2**20
    members: int = 500
    unpacked: int = 64 * 2**20
    growth: int = 100
    free: int = 4 * 2**20

    def allowed(self, packed: int) -> int:
        """Bytes that may come out of an archive of this size."""
        return min(self.unpacked, self.free + self.growth * packed)


STUDENT = Bounds()
# A learning platform packs whatever students handed in, small files that grow a thousandfold included.
CLASS = Bounds(packed=4 * 2**30, members=50_000, unpacked=16 * 2**30, growth=2_000)


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes:
        folder: names of the folders it lies in, ``name`` its own: plain names, nothing to follow.
        modified: seconds since 1970, as the archive says.
    """

    folder: tuple[str, ...]
    name: str
    modified: float
    content: bytes


class _Budget:
    """Counts what comes out."""

    def __init__(self, bounds: Bounds, packed: int):
        if packed > bounds.packed:
            raise ArchiveRefused(f"{packed} bytes, allowed {bounds.packed}")
        self._left, self._members, self._bounds = bounds.allowed(packed), 0, bounds

    def count_member(self) -> None:
        self._members += 1
        if self._members > self._bounds.members:
            raise ArchiveRefused(f"more than {self._bounds.members} members")

    def take(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveRefused("it unpacks to more than its size allows")
        return data


class _Counted(io.RawIOBase):
    """A stream whose bytes are counted as they are read, those of members that nobody wants included."""

    def __init__(self, stream: IO[bytes], budget: _Budget):
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._budget.take(self._stream.read(2**16 if size is None or size < 0 else min(size, 2**16)))


def archive_ending(name: str) -> str | None:
    """The ending that makes a file an archive, or ``None``."""
    return next((ending for ending in ENDINGS if name.lower().endswith(ending)), None)


def members(file: IO[bytes], name: str, packed: int, bounds: Bounds, wanted: Callable[[str], bool]) -> Iterator[Member]:
    """The files of an archive whose name is ``wanted``; links, devices and paths that lead out are passed over.

    Raises:
        ArchiveRefused: broken, encrypted, or beyond its bounds.
    """
    budget = _Budget(bounds, packed)
    ending = archive_ending(name)
    read = {".zip": _zipped, ".gz": _compressed}.get(ending or "", _tarred)
    try:
        yield from read(file, name, budget, wanted)
    except ArchiveRefused:
        raise
    except Exception as error:  # zipfile, tarfile and zlib raise what their parts raise: IndexError, struct.error, …
        raise ArchiveRefused(f"it cannot be read: {str(error)[:200]}") from error


def _zipped(file: IO[bytes], _name: str, budget: _Budget, wanted: Callable[[str], bool]) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            budget.count_member()
            mode = info.external_attr >> 16
            place = _place(info.filename)
            if (
                place is None  # a name may be empty, which is_dir trips over
                or info.is_dir()
                or not wanted(place[-1])
                or (mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG))
            ):
                continue
            with archive.open(info) as stream:
                when = calendar.timegm((*info.date_time, 0, 0, 0))
                yield Member(place[:-1], place[-1], when, _content(stream, budget))


def _tarred(file: IO[bytes], name: str, budget: _Budget, wanted: Callable[[str], bool]) -> Iterator[Member]:
    stream: Any = file if name.lower().endswith(".tar") else gzip.GzipFile(fileobj=file)
    with tarfile.open(fileobj=_Counted(stream, budget), mode="r|") as archive:
        for info in archive:
            budget.count_member()
            place = _place(info.name)
            content = archive.extractfile(info) if info.isreg() and not info.issparse() else None
            if content is not None and place is not None and wanted(place[-1]):
                yield Member(place[:-1], place[-1], float(info.mtime), content.read(MAX_FILE + 1))


def _compressed(file: IO[bytes], name: str, budget: _Budget, wanted: Callable[[str], bool]) -> Iterator[Member]:
    inner = name[: -len(".gz")]
    if wanted(inner):
        yield Member((), inner, 0.0, _content(gzip.GzipFile(fileobj=file), budget))


def _content(stream: Any, budget: _Budget) -> bytes:
    """A member's bytes; of one that is too long to be read later, one byte more than may be."""
    parts, size = [], 0
    while size <= MAX_FILE and (part := stream.read(2**16)):
        parts.append(budget.take(part))
        size += len(part)
    return b"".join(parts)[: MAX_FILE + 1]


def _place(path: str) -> tuple[str, ...] | None:
    """Folders and name of a member; ``None`` for a path that leads out of the archive or has no plain name."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    plain = parts and all(part not in ("/", "..") and ":" not in part and part.isprintable() for part in parts)
    return tuple(parts) if plain else None
