"""Read the sockets of a hostile kernel: frame by frame, keeping only what is asked for and only so much of it.

A kernel in a box is reached over two Unix sockets, on which it speaks ZMTP 3.0 (https://rfc.zeromq.org/spec/23/).
ZeroMQ's own library collects all parts of a message, however many and however large, before its caller sees the
first; a limit can only be set for a single part. So the frames are read here: what is not needed is skipped while it
arrives, and a kernel that sends faster than it is read has to wait. Signatures are not looked at: whoever can write to
the sockets is in the box, with the key.
"""

import asyncio
import contextlib
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAX_CONTENT = 24 * 2**20  # bytes of the content of one message: an answer of 16 MiB in base64 and some more
MAX_HEADER = 64 * 2**10  # bytes of each of the frames that say what a message is
MAX_FREE_CONTENT = 2 * 2**20  # bytes of content with any number of values
MAX_VALUES = 100_000  # values that larger content may hold, by its commas and brackets
_CHUNK = 2**16
_DELIMITER = b"<IDS|MSG>"
_MORE, _LONG, _COMMAND = 1, 2, 4
_GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_HEADER, _PARENT, _CONTENT = (
    2,
    3,
    5,
)  # frames after the delimiter: a signature stands first, metadata before the content


@dataclass(frozen=True)
class Message:
    """What a kernel said.

    Attributes:
        kind: Jupyter's type of the message.
        parent: id of the request it belongs to.
        content: ``None`` if it was too long, or no JSON object; then it was not kept.
    """

    kind: str
    parent: str
    content: dict[str, Any] | None


class Closed(Exception):
    """The kernel closed the connection, or sent what is no message."""


class KernelChannel:
    """One connection to a kernel.

    Args:
        allowed: called with the size of a message's content, says whether it is to be kept.

    Attributes:
        received: bytes that came so far.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, allowed: Callable[[int], bool]):
        self._reader, self._writer, self._allowed = reader, writer, allowed
        self.received = 0
        # One message waits here and one is being read; whatever else the kernel sends waits in the kernel.
        self._waiting: asyncio.Queue[Message | None] = asyncio.Queue(1)
        self._pump = asyncio.create_task(self._read_all())

    @classmethod
    async def open(cls, path: str, kind: str, identity: bytes, allowed: Callable[[int], bool]) -> "KernelChannel":
        """Connect as a socket of a kind, ``DEALER`` or ``SUB``.

        Raises:
            OSError, Closed: nobody listens there, or no ZeroMQ socket.
        """
        reader, writer = await asyncio.open_unix_connection(path, limit=_CHUNK)
        properties = _property(b"Socket-Type", kind.encode())
        properties += _property(b"Identity", identity) if kind == "DEALER" else b""
        writer.write(_GREETING + _frame(b"\x05READY" + properties, _COMMAND))
        writer.write(_frame(b"\x01", 0) if kind == "SUB" else b"")  # subscribes to everything
        try:
            greeting = await reader.readexactly(len(_GREETING))
            if greeting[:1] != b"\xff" or greeting[10] < 3:
                raise Closed("no ZeroMQ socket")
        except (asyncio.IncompleteReadError, Closed) as error:
            writer.close()
            raise Closed(str(error)) from error
        return cls(reader, writer, allowed)

    def send(self, parts: list[bytes]) -> None:
        """Send a message of several parts; to a kernel that does not read, so many requests as fit into memory."""
        frames = [_frame(bytes(part), 0 if last else _MORE) for last, part in _with_last(parts)]
        self._writer.write(b"".join(frames))

    async def receive(self) -> Message:
        """The next message; waits for it as long as it takes.

        Raises:
            Closed: there will be none.
        """
        message = await self._waiting.get()
        if message is None:
            self._waiting.put_nowait(None)  # whoever asks again
            raise Closed
        return message

    def close(self) -> None:
        """Hang up."""
        self._pump.cancel()
        self._writer.transport.abort()

    async def _read_all(self) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                message = await self._message()
                if message is not None:
                    await self._waiting.put(message)
        await self._waiting.put(None)

    async def _message(self) -> Message | None:
        """Read one message to its end; ``None`` if it is not one of Jupyter's."""
        kept: dict[int, bytes | None] = {}
        place, more = -1, True  # places count from the delimiter
        while more:
            command, more, size = await self._next_frame()
            if command:
                await self._skip(size)
                return None
            if place < 0:
                found = await self._reader.readexactly(size) if size <= len(_DELIMITER) else await self._skip(size)
                place = 0 if found == _DELIMITER else place
                continue
            place += 1
            wanted = place in (_HEADER, _PARENT) and size <= MAX_HEADER
            wanted = wanted or (place == _CONTENT and size <= MAX_CONTENT and self._allowed(size))
            kept[min(place, _CONTENT + 1)] = await self._exactly(size) if wanted else await self._skip(size)
        return _understood(kept)

    async def _next_frame(self) -> tuple[bool, bool, int]:
        """Whether the next frame is a command, whether more follow, and its size."""
        self.received += 1
        (flags,) = await self._reader.readexactly(1)
        (size,) = (
            struct.unpack(">Q", await self._reader.readexactly(8))
            if flags & _LONG
            else await self._reader.readexactly(1)
        )
        return bool(flags & _COMMAND), bool(flags & _MORE) and not flags & _COMMAND, size

    async def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            parts += await self._some(size - len(parts))
        return bytes(parts)

    async def _skip(self, size: int) -> bytes | None:
        while size:
            size -= len(await self._some(size))
        return None

    async def _some(self, size: int) -> bytes:
        part = await self._reader.read(min(size, _CHUNK))
        if not part:
            raise asyncio.IncompleteReadError(b"", size)
        self.received += len(part)
        return part


def _understood(kept: dict[int, bytes | None]) -> Message | None:
    header, parent, content = (_object(kept.get(place)) for place in (_HEADER, _PARENT, _CONTENT))
    kind, asked = (header or {}).get("msg_type"), (parent or {}).get("msg_id")
    if not isinstance(kind, str) or not isinstance(asked, str):
        return None
    return Message(kind, asked, content)


def _object(data: bytes | None) -> dict[str, Any] | None:
    """A JSON object, unless parsing it takes many times its size."""
    if data is None:
        return None
    if len(data) > MAX_FREE_CONTENT and sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        return None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _frame(body: bytes, flags: int) -> bytes:
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return struct.pack(">BQ", flags | _LONG, len(body)) + body


def _property(name: bytes, value: bytes) -> bytes:
    return bytes((len(name),)) + name + struct.pack(">I", len(value)) + value


def _with_last(parts: list[bytes]) -> list[tuple[bool, bytes]]:
    return [(number == len(parts), part) for number, part in enumerate(parts, 1)]
