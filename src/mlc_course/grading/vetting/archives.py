"""Read the notebooks out of an archive a student may have made: bounded in members, bytes and growth, no path is followed.

What an archive says of itself (sizes, counts, names) is never believed: bytes are counted as they come out.
"""

from collections.abc import Callable, Iterator
from typing import IO

from mlc_course.grading.vetting import tars, zips
from mlc_course.grading.vetting.archive_members import (
    PACK_AGAIN,
    ArchiveRefused,
    Bounds,
    Budget,
    Gunzipped,
    Member,
    Passed,
    content_of,
)

ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar", ".gz")
# What is packed in another way, by its ending or its first bytes.
FOREIGN = (".7z", ".rar", ".zipx", ".tar.bz2", ".tbz2", ".bz2", ".tar.xz", ".txz", ".xz", ".zst", ".lzma", ".z01")
MAGIC = {b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"BZh": "bzip2", b"\xfd7zX": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def archive_ending(name: str, endings: tuple[str, ...] = ENDINGS) -> str | None:
    """The ending that makes a file an archive, or ``None``."""
    return next((ending for ending in endings if name.lower().endswith(ending)), None)


def foreign(name: str, start: bytes) -> str | None:
    """What a file is packed with, if that cannot be read here."""
    # A plain tar begins with the name of its first member, which may be any letters.
    magics = {} if name.lower().endswith(".tar") else MAGIC
    kind = next((kind for magic, kind in magics.items() if start.startswith(magic)), None)
    return kind or (archive_ending(name, FOREIGN) or "").strip(".") or None


def members(
    file: IO[bytes], name: str, packed: int, bounds: Bounds, wanted: Callable[[str], bool]
) -> Iterator[Member | Passed]:
    """The files of an archive whose name is ``wanted``; links, devices and paths that lead out are passed over.

    Raises:
        ArchiveRefused: broken, or beyond its bounds; members before that have been handed out.
    """
    budget = Budget(bounds, packed)
    kind = foreign(name, file.read(8))
    if kind:
        raise ArchiveRefused(f"{kind} archives cannot be read; {PACK_AGAIN}")
    file.seek(0)
    ending = archive_ending(name)
    read = {".zip": zips.members, ".gz": _compressed}.get(ending or "", tars.members)
    try:
        yield from read(file, name, budget, wanted)
    except ArchiveRefused:
        raise
    except Exception as error:  # zipfile, tarfile and zlib raise what their parts raise: IndexError, struct.error, …
        raise ArchiveRefused(f"it cannot be read: {str(error)[:200]}") from error


def _compressed(file: IO[bytes], name: str, budget: Budget, wanted: Callable[[str], bool]) -> Iterator[Member | Passed]:
    inner = name[: -len(".gz")]
    if wanted(inner):
        yield Member((), inner, None, content_of(Gunzipped(file, budget), budget.bounds.unpacked))
