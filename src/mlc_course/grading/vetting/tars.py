"""Members of a tar, compressed with gzip or not, in one pass and bounded memory.

Python's ``tarfile`` reads single headers here, no more: it holds headers of any length in memory, and walks to where a
header says the next one lies, however far that is.
"""

import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from mlc_course.grading.collecting.names import decode_name, place_of
from mlc_course.grading.vetting.archive_members import ArchiveRefused, Budget, Gunzipped, Member, Passed
from mlc_course.grading.vetting.file_times import plausible
from mlc_course.grading.vetting.notebook import MAX_FILE

BLOCK = 512
MAX_HEADER = 2**18  # bytes of one extended header
EXTENDED = (
    tarfile.XHDTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


@dataclass
class _Said:
    """What extended headers say of the next member."""

    path: str | None = None
    size: int | None = None
    modified: float | None = None
    sparse: bool = False


class _Blocks:
    """A stream that is read to the byte."""

    def __init__(self, stream: Any):
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Exactly this many bytes, or none at the end."""
        parts, left = [], size
        while left and (part := self._stream.read(min(left, 2**16))):
            parts.append(part)
            left -= len(part)
        if left and parts:
            raise ArchiveRefused("it ends in the middle of a member")
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Read on over this many bytes."""
        while size > 0:
            step = len(self.read(min(size, 2**16)))
            if not step:
                raise ArchiveRefused("it ends in the middle of a member")
            size -= step


class _Plain:
    """An uncompressed tar, counted."""

    def __init__(self, file: IO[bytes], budget: Budget):
        self._file, self._budget = file, budget

    def read(self, size: int) -> bytes:
        return self._budget.take(self._file.read(size))


def members(file: IO[bytes], name: str, budget: Budget, wanted: Callable[[str], bool]) -> Iterator[Member | Passed]:
    """The wanted members of a tar, in their order."""
    blocks = _Blocks((_Plain if name.lower().endswith(".tar") else Gunzipped)(file, budget))
    said, first = _Said(), True
    while (block := blocks.read(BLOCK)).strip(b"\0"):
        budget.count_member()
        info = _header(block, first)
        first = False
        if info.type in EXTENDED:
            _extend(said, info, _extended(blocks, info))
            continue
        yield from _member(blocks, block, info, said, wanted)
        said = _Said()


def _header(block: bytes, first: bool) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, OverflowError) as error:
        raise ArchiveRefused("it is not a tar" if first else f"a header in it is broken: {error}") from error
    if not 0 <= info.size < 2**40:
        raise ArchiveRefused(f"a member of {info.size} bytes")
    return info


def _extended(blocks: _Blocks, info: tarfile.TarInfo) -> bytes:
    if info.size > MAX_HEADER:
        raise ArchiveRefused(f"a header of {info.size} bytes, allowed {MAX_HEADER}: it unpacks to more than it should")
    data = blocks.read(info.size)
    blocks.skip(-info.size % BLOCK)
    return data


def _extend(said: _Said, info: tarfile.TarInfo, data: bytes) -> None:
    if info.type == tarfile.GNUTYPE_LONGNAME:
        said.path = decode_name(data.rstrip(b"\0"))
    if info.type not in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
        return
    for key, value in _records(data):
        if key == b"path":
            said.path = decode_name(value)
        elif key == b"size" and value.isdigit() and len(value) < 13:
            said.size = int(value)
        elif key == b"mtime":
            said.modified = _number(value)
        elif key.startswith(b"GNU.sparse."):
            said.sparse = True


def _records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a pax header, up to the first record that is broken."""
    place = 0
    while place < len(data):
        length, _, _ = data[place : place + 8].partition(b" ")
        if not length.isdigit() or not int(length) > len(length) or place + int(length) > len(data):
            return
        key, _, value = data[place + len(length) + 1 : place + int(length)].removesuffix(b"\n").partition(b"=")
        yield key, value
        place += int(length)


def _number(value: bytes) -> float:
    try:
        return float(value[:40])
    except ValueError:
        return 0.0


def _member(
    blocks: _Blocks, block: bytes, info: tarfile.TarInfo, said: _Said, wanted: Callable[[str], bool]
) -> Iterator[Member | Passed]:
    path = said.path or decode_name(info.name.encode("utf-8", "surrogateescape"))
    size = info.size if said.size is None else said.size
    extended = info.type == tarfile.GNUTYPE_SPARSE and block[482]
    while extended:  # more of the map of a sparse file
        extended = (blocks.read(BLOCK) or bytes(BLOCK))[504]
    left = size + -size % BLOCK if info.isreg() or info.type not in tarfile.SUPPORTED_TYPES else 0
    if not info.isdir() and wanted(path.replace("\\", "/").rpartition("/")[2]):
        try:
            place = place_of(path)
            if not info.isreg() or info.type == tarfile.GNUTYPE_SPARSE or said.sparse:
                raise ValueError("a link, a device or a file with holes")
            content = blocks.read(min(size, MAX_FILE + 1))
            left -= len(content)
            if not content and size:
                raise ArchiveRefused("it ends in the middle of a member")
            modified = plausible(info.mtime if said.modified is None else said.modified)
            yield Member(place[:-1], place[-1], modified, content)
        except ValueError as error:
            yield Passed(path, str(error))
    blocks.skip(left)
