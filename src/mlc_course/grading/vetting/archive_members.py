"""What archives are made of, and how much of one may be read: members, bounds, and the count of what comes out."""

import zlib
from dataclasses import dataclass
from typing import IO, Any

from mlc_course.grading.vetting.notebook import MAX_FILE

PACK_AGAIN = "unpack it and put the notebook in its place, or have it packed again as an ordinary .zip"


class ArchiveRefused(Exception):
    """An archive was not read, or not to its end; the message says what was found and what is allowed."""


class MemberRefused(Exception):
    """One member of an archive was not read; the others are."""


@dataclass(frozen=True)
class Bounds:
    """What one archive may hold.

    Attributes:
        packed: bytes of the archive itself.
        members: files and folders in it.
        unpacked: bytes of all members that are read, together.
        growth: how many times larger than its packed form a member may be, beyond the first ``free`` bytes, and
            all members together beyond four times as many.
    """

    packed: int = 16 * 2**20
    members: int = 500
    unpacked: int = 64 * 2**20
    growth: int = 100
    free: int = 4 * 2**20

    def allowed(self, packed: int) -> int:
        """Bytes that may come out of an archive of this size."""
        return min(self.unpacked, 4 * self.free + self.growth * packed)

    def member(self, packed: int) -> int:
        """Bytes that may come out of one member of this packed size."""
        return self.free + self.growth * packed


STUDENT = Bounds()
# A learning platform packs whatever students handed in, small files that grow a thousandfold included.
CLASS = Bounds(packed=4 * 2**30, members=50_000, unpacked=16 * 2**30, growth=2_000)


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes:
        folder: names of the folders it lies in, ``name`` its own: plain names, nothing to follow.
        modified: seconds since 1970 (UTC), if the archive says when.
    """

    folder: tuple[str, ...]
    name: str
    modified: float | None
    content: bytes


@dataclass(frozen=True)
class Passed:
    """A member that is wanted by its name and was not read, and why; its path is as the archive has it."""

    path: str
    why: str


class Budget:
    """Counts what comes out."""

    def __init__(self, bounds: Bounds, packed: int):
        if packed > bounds.packed:
            raise ArchiveRefused(f"{packed} bytes, allowed {bounds.packed}")
        self._left, self._members, self.bounds = bounds.allowed(packed), 0, bounds

    def count_member(self) -> None:
        """Count one more file, folder or header."""
        self._members += 1
        if self._members > self.bounds.members:
            raise ArchiveRefused(f"more than {self.bounds.members} members")

    def take(self, data: bytes) -> bytes:
        """Count bytes that came out, and hand them on."""
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveRefused("it unpacks to more than its size allows")
        return data


def content_of(stream: Any, allowed: int) -> bytes:
    """A member's bytes; of one that is too long to be read later, one byte more than may be."""
    parts, size = [], 0
    while size <= MAX_FILE and (part := stream.read(2**16)):
        parts.append(part)
        size += len(part)
        if size > allowed:
            raise MemberRefused("it unpacks to more than its size allows")
    return b"".join(parts)[: MAX_FILE + 1]


class Gunzipped:
    """The bytes in a gzip file, one part after another if there are several, each counted as a member."""

    def __init__(self, file: IO[bytes], budget: Budget):
        self._file, self._budget, self._waiting = file, budget, b""
        self._part: Any = self._next_part()

    def _next_part(self) -> Any:
        self._budget.count_member()
        return zlib.decompressobj(wbits=31)

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; none at the end."""
        while True:
            self._waiting = self._waiting or self._file.read(2**14)
            if not self._waiting:
                if self._part is not None:
                    raise ArchiveRefused("it ends in the middle of a gzip stream")
                return b""
            if self._part is None:
                self._waiting = self._waiting.lstrip(b"\0")  # padding
                if self._waiting:
                    self._part = self._next_part()
                continue
            data = self._part.decompress(self._waiting, size)
            ended = self._part.eof
            self._waiting = self._part.unused_data if ended else self._part.unconsumed_tail
            self._part = None if ended else self._part
            if data:
                return self._budget.take(data)
