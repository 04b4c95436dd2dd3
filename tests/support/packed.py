"""Archives that tests read: ordinary ones, and zips whose every field can be wrong."""

import io
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, Literal


def zipped(contents: dict, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these names (or ``ZipInfo``) and contents."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(*entries: tuple[tarfile.TarInfo, bytes], mode: Literal["w", "w:gz"] = "w:gz", **options: Any) -> bytes:
    """A tar of these members."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, **options) as archive:
        for info, content in entries:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", mtime: float = 1_700_000_000) -> tarfile.TarInfo:
    """A tar's header."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mtime = kind, target, mtime
    return info


def tar_header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """One block of a tar that says any size."""
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


@dataclass(frozen=True)
class Raw:
    """A zip's member; what is ``None`` is what it should be."""

    name: bytes
    content: bytes = b"{}"
    flags: int = 0
    method: int = 8
    date: int = (2024 - 1980) << 9 | 5 << 5 | 17
    clock: int = 12 << 11
    extra: bytes = b""
    external: int = 0
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    start: int | None = None
    data: bytes | None = None


def raw_zip(*members: Raw, before: bytes = b"", directory: bytes | None = None, **end) -> bytes:
    """A zip of these members; ``end`` overrides fields of its last record."""
    body, entries = bytearray(before), bytearray()
    for one in members:
        squeeze = zlib.compressobj(wbits=-15)
        data = one.data if one.data is not None else squeeze.compress(one.content) + squeeze.flush()
        data = one.content if one.data is None and one.method == 0 else data
        crc = zlib.crc32(one.content) if one.crc is None else one.crc
        size = len(one.content) if one.size is None else one.size
        packed = len(data) if one.packed is None else one.packed
        start = len(body) - len(before) if one.start is None else one.start
        shared = (20, one.flags, one.method, one.clock, one.date, crc, packed, size, len(one.name), len(one.extra))
        entries += struct.pack("<4sH5H3L5H2L", b"PK\1\2", 20, *shared, 0, 0, 0, one.external, start)
        entries += one.name + one.extra
        if one.start is None:
            body += struct.pack("<4s5H3L2H", b"PK\3\4", *shared[:-1], 0) + one.name + data
    entries = entries if directory is None else bytearray(directory)
    fields = {"disk": 0, "first": 0, "count": len(members) & 0xFFFF, "length": len(entries)}
    fields |= {"offset": len(body) - len(before)} | end
    tail = struct.pack("<4s4H2LH", b"PK\5\6", fields["disk"], fields["first"], fields["count"], fields["count"],
                       fields["length"], fields["offset"], 0)  # fmt: skip
    return bytes(body + entries + tail)


def extended(seconds: int) -> bytes:
    """The extra field of an extended timestamp."""
    return struct.pack("<HHBl", 0x5455, 5, 1, seconds)


def ntfs(seconds: float) -> bytes:
    """The extra field of NTFS's times."""
    ticks = int((seconds + 11_644_473_600) * 10_000_000)
    return struct.pack("<HHLHHQQQ", 0x000A, 32, 0, 1, 24, ticks, ticks, ticks)
