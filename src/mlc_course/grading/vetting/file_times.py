"""When a file was written, as archives and file systems say it, in seconds since 1970 (UTC)."""

import math
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

# Archives that record no time write the first days of DOS's calendar; no notebook is that old.
EARLIEST = datetime(1981, 1, 1, tzinfo=timezone.utc).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=timezone.utc).timestamp()
FILETIME_1970 = 11_644_473_600  # seconds from 1601, where Windows counts from


@dataclass(frozen=True)
class Moment:
    """A time and where it comes from.

    Attributes:
        seconds: since 1970, UTC.
        source: ``name`` of the file, ``member`` of an archive, ``file`` system, or ``archive``: the member
            has no time, and its archive's stands in for it.
    """

    seconds: float
    source: str

    @property
    def in_future(self) -> bool:
        """Whether it lies further ahead than the hands of two clocks do."""
        return self.seconds > time.time() + 86_400

    def local(self) -> str:
        """The time in the zone of this machine, with the zone."""
        return datetime.fromtimestamp(self.seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")

    def utc(self) -> str:
        """The time as nbgrader's ``timestamp.txt`` and its plugins have it."""
        return datetime.fromtimestamp(int(self.seconds), timezone.utc).strftime("%Y-%m-%d %H:%M:%S+00:00")


def plausible(seconds: float) -> float | None:
    """The time, or ``None`` for one at which no notebook was written: 0, negative, huge, not a number."""
    return seconds if math.isfinite(seconds) and EARLIEST <= seconds < LATEST else None


def zip_time(date: int, clock: int, extra: bytes) -> float | None:
    """The time of a zip's member: from a field in UTC where there is one, else DOS's, which is local time."""
    for kind, data in extra_fields(extra):
        seconds = _utc_field(kind, data)
        if seconds is not None:
            return seconds
    return dos_time(date, clock)


def dos_time(date: int, clock: int) -> float | None:
    """DOS's date and time in the zone of this machine; ``None`` where they are empty or impossible."""
    parts = ((date >> 9) + 1980, date >> 5 & 15, date & 31, clock >> 11, clock >> 5 & 63, (clock & 31) * 2)
    try:
        return plausible(datetime(*parts).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each extra field of a zip's member, up to the first that is broken."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        data = extra[place + 4 : place + 4 + size]
        if len(data) < size:
            return
        yield kind, data
        place += 4 + size


def _utc_field(kind: int, data: bytes) -> float | None:
    if kind == 0x5455 and len(data) >= 5 and data[0] & 1:  # extended timestamp
        return plausible(struct.unpack_from("<l", data, 1)[0])
    if kind == 0x000A and len(data) >= 16 and data[4:8] == b"\x01\x00\x18\x00":  # NTFS
        return plausible(struct.unpack_from("<Q", data, 8)[0] / 1e7 - FILETIME_1970)
    if kind == 0x5855 and len(data) >= 8:  # Info-ZIP's older field, which macOS writes
        return plausible(struct.unpack_from("<l", data, 4)[0])
    return None
