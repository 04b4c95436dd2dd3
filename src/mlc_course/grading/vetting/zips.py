"""Members of a zip. Its directory is read here, entry by entry: one that is broken costs no other its place.

Python's ``zipfile`` holds the whole directory in memory, and one entry it does not understand ends it; it unpacks the members.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import IO

from mlc_course.grading.collecting.names import decode_name, place_of
from mlc_course.grading.vetting.archive_members import (
    PACK_AGAIN,
    ArchiveRefused,
    Budget,
    Member,
    MemberRefused,
    Passed,
    content_of,
)
from mlc_course.grading.vetting.file_times import extra_fields, zip_time

END, END_64, ENTRY, LOCAL = "<4s4H2LH", "<4sQ2H2L4Q", "<4s6H3L5H2L", "<4s5H3L2H"
MAX_PATH = 4096  # bytes of a member's path
METHODS = {0: "stored", 8: "deflate"}


@dataclass(frozen=True)
class Entry:
    """What the directory of a zip says of one member, and what keeps it from being read."""

    path: str
    folder: bool
    method: int
    crc: int
    packed: int
    size: int
    start: int
    end: int
    modified: float | None
    problem: str = ""


class _Counted:
    """A member's stream, whose bytes are counted as they come out."""

    def __init__(self, stream: zipfile.ZipExtFile, budget: Budget):
        self._stream, self._budget = stream, budget

    def read(self, size: int) -> bytes:
        return self._budget.take(self._stream.read(size))


def members(file: IO[bytes], _name: str, budget: Budget, wanted: Callable[[str], bool]) -> Iterator[Member | Passed]:
    """The wanted members of a zip, in the order of its directory."""
    for entry in _without_overlaps(list(_directory(file, budget))):
        name = entry.path.replace("\\", "/").rpartition("/")[2]
        if entry.folder or not wanted(name):
            continue
        try:
            if entry.problem:
                raise MemberRefused(entry.problem)
            place = place_of(entry.path)
            stream = _Counted(_opened(file, entry), budget)
            content = content_of(stream, budget.bounds.member(entry.packed))
            yield Member(place[:-1], place[-1], entry.modified, content)
        except (MemberRefused, ValueError, EOFError, zipfile.BadZipFile, zlib.error, struct.error) as error:
            yield Passed(entry.path, str(error)[:200] or "it ends before it should")


def _directory(file: IO[bytes], budget: Budget) -> Iterator[Entry]:
    start, end, shift = _bounds_of_directory(file)
    while start < end:
        file.seek(start)
        head = file.read(struct.calcsize(ENTRY))
        if len(head) < struct.calcsize(ENTRY) or head[:4] != b"PK\x01\x02":
            raise ArchiveRefused("its directory is broken")
        budget.count_member()
        fields = struct.unpack(ENTRY, head)
        name, extra, comment = fields[10:13]
        yield _entry(fields, file.read(name), file.read(extra), shift)
        start += len(head) + name + extra + comment


def _bounds_of_directory(file: IO[bytes]) -> tuple[int, int, int]:
    """Where the directory begins and ends, and how many bytes stand before the archive."""
    size = file.seek(0, 2)
    start = max(0, size - 2**16 - struct.calcsize(END))
    file.seek(start)
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < struct.calcsize(END):
        raise ArchiveRefused("it cannot be read: it is not a zip, or not all of one")
    _, disk, first, _, _, length, offset, _ = struct.unpack_from(END, tail, place)
    end = start + place
    file.seek(max(0, end - 76))
    record = file.read(56)
    if len(record) == 56 and record[:4] == b"PK\x06\x06":
        _, _, _, _, disk, first, _, _, length, offset = struct.unpack(END_64, record)
        end -= 76
    if disk or first:
        raise ArchiveRefused(f"it is one part of several; {PACK_AGAIN}")
    shift = end - length - offset
    if shift < 0:
        raise ArchiveRefused("its directory is broken: it begins before the file")
    return end - length, end, shift


def _entry(fields: tuple[int, ...], name: bytes, extra: bytes, shift: int) -> Entry:
    _, _, _, flags, method, clock, date, crc, packed, size, *_, external, start = fields
    utf8, wide = None, {}
    for kind, data in extra_fields(extra):
        if kind == 0x7075 and len(data) > 5 and struct.unpack_from("<L", data, 1)[0] == zlib.crc32(name):
            utf8 = data[5:]
        elif kind == 0x0001:
            wide = _wide(data, size=size, packed=packed, start=start)
    packed, size, start = wide.get("packed", packed), wide.get("size", size), wide.get("start", start) + shift
    path = decode_name(name[-MAX_PATH:], utf8=utf8 and utf8[-MAX_PATH:])
    kind = stat.S_IFMT(external >> 16)
    problem = (
        (f"a path of {len(name)} bytes" if len(name) > MAX_PATH else "")
        or ("a link or a device" if kind not in (0, stat.S_IFREG, stat.S_IFDIR) else "")
        or ("it is encrypted; ask for it without a password" if flags & 1 else "")
        or (f"compression method {method}; {PACK_AGAIN}" if method not in METHODS else "")
    )
    end = start + struct.calcsize(LOCAL) + len(name) + packed
    folder = path.endswith(("/", "\\")) or kind == stat.S_IFDIR
    return Entry(path, folder, method, crc, packed, size, start, end, zip_time(date, clock, extra), problem)


def _wide(data: bytes, **narrow: int) -> dict[str, int]:
    """Zip64's values, for those that do not fit into 32 bits."""
    missing = [name for name, value in narrow.items() if value == 0xFFFFFFFF]
    values = struct.unpack_from(f"<{len(data) // 8}Q", data)
    return dict(zip(missing, values, strict=False))


def _without_overlaps(entries: list[Entry]) -> list[Entry]:
    """The entries, with those marked that reach into another: that is how a few bytes unpack to any number."""
    following = dict(pairwise(sorted({entry.start for entry in entries})))
    marked, seen = [], set()
    for entry in entries:
        shares = entry.start in seen or entry.end > following.get(entry.start, entry.end)
        problem = entry.problem or ("it shares its bytes with another member" if shares else "")
        marked.append(replace(entry, problem=problem))
        seen.add(entry.start)
    return marked


def _opened(file: IO[bytes], entry: Entry) -> zipfile.ZipExtFile:
    file.seek(entry.start)
    head = file.read(struct.calcsize(LOCAL))
    if len(head) < struct.calcsize(LOCAL) or head[:4] != b"PK\x03\x04":
        raise MemberRefused("it is not where the archive's directory says")
    *_, name, extra = struct.unpack(LOCAL, head)
    file.seek(name + extra, 1)
    info = zipfile.ZipInfo("member")
    info.compress_type, info.CRC, info.compress_size, info.file_size = entry.method, entry.crc, entry.packed, entry.size
    return zipfile.ZipExtFile(file, "r", info)
