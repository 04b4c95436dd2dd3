"""A conversation over a socket: messages with a length in front, a deadline and a limit of size."""

import socket
import struct
import time
from typing import Any

from mlc_course.grading.protocol.codec import MAX_MESSAGE, pack, unpack
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

MAX_TEXT = 1_000  # characters of each text of a failure that comes from a student's process


class ChannelClosed(Exception):
    """The other side closed the conversation, or said nothing until the deadline."""

    def __init__(self, reason: str, late: bool = False):
        super().__init__(reason)
        self.late = late


class Channel:
    """One end of a conversation."""

    def __init__(self, connection: socket.socket):
        self._socket = connection

    def send(self, message: Any) -> None:
        data = pack(message)
        try:
            self._socket.settimeout(60)
            self._socket.sendall(struct.pack(">Q", len(data)) + data)
        except OSError as error:
            raise ChannelClosed(str(error)) from error

    def receive(self, seconds: float | None = None, limit: int = MAX_MESSAGE) -> Any:
        """The next message.

        Raises:
            ChannelClosed: closed, late or too long a message.
            Refused: not a message of plain data.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        (size,) = struct.unpack(">Q", self._read(8, deadline))
        if size > limit:
            raise ChannelClosed(f"a message of {size} bytes")
        return unpack(self._read(size, deadline), limit)

    def close(self) -> None:
        self._socket.close()

    def _read(self, size: int, deadline: float | None) -> bytes:
        parts, missing = [], size
        while missing:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise ChannelClosed("no answer in time", late=True)
            self._socket.settimeout(left)
            try:
                part = self._socket.recv(min(missing, 2**20))
            except TimeoutError as error:
                raise ChannelClosed("no answer in time", late=True) from error
            except OSError as error:
                raise ChannelClosed(str(error)) from error
            if not part:
                raise ChannelClosed("closed")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def failure_to_plain(failure: CheckFailure) -> dict[str, Any]:
    """A failure as plain data."""
    texts = {"expected": failure.expected, "found": failure.found, "where": failure.where, "hint": failure.hint}
    return {name: None if text is None else [text.en, text.zh] for name, text in texts.items()}


def failure_from_plain(data: Any) -> CheckFailure:
    """The failure that ``failure_to_plain`` was given; texts are cut, whatever is malformed is left out."""
    data = data if isinstance(data, dict) else {}
    texts = {name: text_from_plain(data.get(name)) for name in ("expected", "found", "where", "hint")}
    unknown = Text("an answer that can be judged", "一个可以评判的答案")
    return CheckFailure(
        expected=texts["expected"] or unknown,
        found=texts["found"] or Text("nothing that says why", "没有说明原因"),
        where=texts["where"],
        hint=texts["hint"],
    )


def text_from_plain(value: Any) -> Text | None:
    """A text that came as a pair of English and Chinese, cut; ``None`` if it is none, or an empty one."""
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(part, str) for part in value):
        return None
    return Text(value[0][:MAX_TEXT], value[1][:MAX_TEXT]) if all(value) else None
