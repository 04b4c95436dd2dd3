"""What is read from a kernel's socket: Jupyter's messages as ZeroMQ sends them, and of any other bytes nothing."""

import asyncio
import json
import os
import struct
import threading

import pytest
import zmq
from bounds import cost
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter_core.utils import run_sync

from mlc_course.grading.workers.kernel_channels import MAX_CONTENT, MAX_HEADER, Closed, KernelChannel, Message
from mlc_course.grading.workers.prefetch import CELL_ALLOWANCE, SMALL, Allowance

EXAMPLES = int(os.environ.get("MLC_FUZZ", "100"))
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


def frame(body: bytes, flags: int = 0) -> bytes:
    return struct.pack(">BQ", flags | 2, len(body)) + body


def message(*parts: bytes) -> bytes:
    return b"".join(frame(part, 1 if number < len(parts) else 0) for number, part in enumerate(parts, 1))


def said(
    kind: str, content: object, parent: str = "me", metadata: bytes = b"{}", buffers: tuple[bytes, ...] = ()
) -> bytes:
    header, asked = json.dumps({"msg_type": kind}).encode(), json.dumps({"msg_id": parent}).encode()
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return message(b"topic", b"<IDS|MSG>", b"", header, asked, metadata, body, *buffers)


def read(folder, data: bytes, allowed=lambda size: True, greeting: bytes = GREETING) -> list[Message]:
    """All messages that are read when a kernel sends these bytes and hangs up."""

    async def scene() -> list[Message]:
        async def serve(reader, writer):
            writer.write(greeting + data)
            writer.write_eof()

        path = str(folder / "socket")
        server = await asyncio.start_unix_server(serve, path)
        found = []
        try:
            channel = await KernelChannel.open(path, "SUB", b"", allowed)
            while True:
                found.append(await asyncio.wait_for(channel.receive(), 60))
        except Closed:
            return found
        finally:
            server.close()

    return run_sync(scene)()


def test_messages_of_zeromq_arrive_and_are_answered(tmp_path):
    path = tmp_path / "router"
    context = zmq.Context()
    router = context.socket(zmq.ROUTER)
    router.bind(f"ipc://{path}")
    asked = []

    def serve() -> None:
        asked.extend(router.recv_multipart())
        parts = [b"<IDS|MSG>", b"", b'{"msg_type": "reply"}', b'{"msg_id": "1"}', b"{}", b'{"x": 1}', b"buffer" * 1000]
        router.send_multipart([asked[0], *parts])

    async def scene() -> Message:
        channel = await KernelChannel.open(str(path), "DEALER", b"grader", lambda size: True)
        channel.send([b"short", b"long" * 100])
        found = await asyncio.wait_for(channel.receive(), 60)
        channel.close()
        return found

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        assert run_sync(scene)() == Message("reply", "1", {"x": 1})
    finally:
        thread.join()
        context.destroy(linger=0)
    assert asked == [b"grader", b"short", b"long" * 100]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (said("stream", {"text": "x"}), [Message("stream", "me", {"text": "x"})]),
        (said("stream", {"text": "x"}, buffers=(b"y" * 10**7,) * 3), [Message("stream", "me", {"text": "x"})]),
        (said("stream", {"text": "x"}, metadata=b"[" * 10**7), [Message("stream", "me", {"text": "x"})]),
        (said("stream", b"[" * 10**5), [Message("stream", "me", None)]),
        (said("stream", []), [Message("stream", "me", None)]),
        (said("stream", b'{"a":[' + b"[]," * 10**6 + b"[]]}"), [Message("stream", "me", None)]),
        (said("stream", b" " * (MAX_CONTENT + 1)), [Message("stream", "me", None)]),
        (said("x" * MAX_HEADER, {}), []),
        (said("stream", {}, parent="x" * MAX_HEADER), []),
        (message(b"no", b"delimiter"), []),
        (message(b"<IDS|MSG>"), []),
        (message(b"<IDS|MSG>", b"", b"[]", b"{}", b"{}", b"{}"), []),
        (message(b"<IDS|MSG>", b"", b'{"msg_type": []}', b'{"msg_id": "x"}', b"{}", b"{}"), []),
        (frame(b"\x04PING", 4) + said("stream", {}), [Message("stream", "me", {})]),
        (frame(b"x", 1), []),
        (struct.pack(">BQ", 2, 2**63), []),
    ],
    ids=range(16),
)
def test_only_what_is_needed_and_allowed_is_kept_of_a_message(tmp_path, data, found):
    assert read(tmp_path, data) == found


def test_whoever_is_no_zeromq_socket_is_refused(tmp_path):
    assert read(tmp_path, b"", greeting=b"HTTP/1.1 400 Bad Request\r\n" * 9) == []


def test_beyond_its_allowance_a_cell_is_heard_only_in_short(tmp_path):
    allowance = Allowance()
    long, short = said("stream", {"text": "x" * (CELL_ALLOWANCE // 3)}), said("status", {"execution_state": "idle"})
    found = read(tmp_path, long * 5 + short, allowance.take)
    assert [one.content is not None for one in found] == [True, True, False, False, False, True]
    assert allowance.cell < SMALL + CELL_ALLOWANCE // 2


pieces = st.one_of(
    st.binary(max_size=40),
    st.builds(frame, st.binary(max_size=300), st.integers(0, 7)),
    st.lists(
        st.sampled_from([b"<IDS|MSG>", b"", b"{}", b"[]", b'{"msg_type": "x"}', b'{"msg_id": "y"}', b"\xff"]),
        max_size=9,
    ).map(lambda parts: message(*parts)),
    st.sampled_from([message(*[b""] * 300), said("stream", {"text": "x" * 9000}), frame(b"", 1) * 300]),
)


@pytest.mark.timed
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces, max_size=8).map(b"".join), st.integers(1, 5))
def test_any_bytes_are_read_to_their_end_in_time_and_memory_of_their_length(tmp_path_factory, piece, times):
    data = piece * times
    spent = cost(read, tmp_path_factory.mktemp("any"), data)
    assert spent.seconds < 1 + len(data) * 60e-6
    assert spent.memory < 4 * 2**20 + 12 * len(data)
