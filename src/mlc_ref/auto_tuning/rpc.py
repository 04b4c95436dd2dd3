"""Measuring on another machine: a tracker, servers that register with it, and clients that ask it for one.

Here all three run on the loopback interface, which is also the way to try a set-up. For a real board,
start ``python -m tvm.exec.rpc_tracker`` on a host both can reach, ``python -m tvm.exec.rpc_server
--tracker host:port --key name`` on the board, and give ``runner`` their address.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tvm
from tvm.rpc.server import Server
from tvm.rpc.tracker import Tracker
from tvm.s_tir import meta_schedule as ms

LOOPBACK = "127.0.0.1"


@contextmanager
def local_machine(key: str = "loopback") -> Iterator[ms.runner.RPCConfig]:
    """A tracker and a server of this machine for as long as the context lasts.

    Args:
        key: the name under which the server offers itself.

    Yields:
        How to reach them, for ``remote_run`` and ``runner``.
    """
    tracker = Tracker(host=LOOPBACK, port=9190, port_end=9290, silent=True)
    server = Server(
        host=LOOPBACK,
        port=9300,
        port_end=9400,
        tracker_addr=(LOOPBACK, tracker.port),
        key=key,
        silent=True,
    )
    try:
        yield ms.runner.RPCConfig(
            tracker_host=LOOPBACK, tracker_port=tracker.port, tracker_key=key, session_timeout_sec=60
        )
    finally:
        server.terminate()
        tracker.terminate()


def runner(config: ms.runner.RPCConfig, repeats: int = 3) -> ms.runner.PyRunner:
    """A MetaSchedule runner that measures over RPC, each candidate ``repeats`` times."""
    evaluator = ms.runner.EvaluatorConfig(number=3, repeat=repeats, min_repeat_ms=10, enable_cpu_cache_flush=False)
    return ms.runner.RPCRunner(rpc_config=config, evaluator_config=evaluator, max_workers=1)


def remote_run(
    config: ms.runner.RPCConfig,
    executable: tvm.runtime.Executable,
    arguments: Sequence[np.ndarray],
    entry: str = "main",
) -> tuple[list[np.ndarray], float]:
    """Send a compiled function and its arguments to a server, run it there, bring back what it wrote.

    Args:
        config: how to reach the tracker.
        executable: compiled for the server's CPU.
        arguments: all arguments, outputs included.

    Returns:
        The arguments after the call, and the seconds of one call as the server measured them.
    """
    session = tvm.rpc.connect_tracker(config.tracker_host, config.tracker_port).request(
        config.tracker_key, session_timeout=config.session_timeout_sec
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "candidate.tar"
        executable.export_library(str(path))
        session.upload(str(path))
    module = session.load_module(path.name)
    tensors = [tvm.runtime.tensor(array, session.cpu()) for array in arguments]
    module[entry](*tensors)
    results = [tensor.numpy() for tensor in tensors]
    timer = module.time_evaluator(entry, session.cpu(), number=3, repeat=1)
    return results, float(timer(*tensors).mean)
