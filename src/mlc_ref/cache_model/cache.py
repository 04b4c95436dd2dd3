"""How many bytes a scheduled program moves, counted on a small cache model.

The model: one cache, fully associative, least recently used line evicted first, lines of 64 bytes. A
store to a line that is not there fetches it first (write-allocate); a changed line is written back when
it is evicted or at the end (write-back). Parallel loops run one iteration after the other; vector lanes
too. Buffers in the scope ``local`` are registers and cost nothing. Buffers start at a line each.

It is a model: exact, the same on every machine, and simple enough to check by hand. ``levels`` has several caches
behind one another and fewer places for a line; no model here fetches ahead.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from mlc_ref.cache_model.lru import LruCache
from mlc_ref.cache_model.order import REGISTERS, Order, access_order
from mlc_ref.checks.memory import buffer_bytes
from mlc_ref.checks.sites import Subject
from mlc_ref.kinds import invalid, takes

LINE_BYTES = 64


@dataclass(frozen=True)
class Traffic:
    """What a program asks of memory.

    Attributes:
        loads, stores: elements the program's text reads and writes, registers left out.
        fetched_bytes: bytes that came into the cache.
        written_bytes: bytes that went back.
    """

    loads: int
    stores: int
    fetched_bytes: int
    written_bytes: int

    @property
    def moved_bytes(self) -> int:
        return self.fetched_bytes + self.written_bytes


def traffic(
    subject: Subject, cache_bytes: int, *, registers: Collection[str] = REGISTERS, entry: str = "main"
) -> Traffic:
    """Count the traffic of one run.

    Args:
        subject: a TensorIR function with fixed sizes; keep it small, a matmul of 64 has a million accesses.
        cache_bytes: capacity of the cache, at least one line.
        registers: memory scopes that cost nothing.

    Raises:
        ValueError: no room for a line, too many accesses, or a statement the model does not know.
    """
    return count(access_order(subject, registers=registers, entry=entry), cache_bytes)


@takes("Order")
def count(order: Order, cache_bytes: int) -> Traffic:
    """``traffic`` of accesses that are already in order.

    Raises:
        ValueError: no room for a line.
    """
    if cache_bytes < LINE_BYTES:
        raise invalid(
            f"cache_bytes: got {cache_bytes}, allowed at least one line of {LINE_BYTES}",
            f"cache_bytes：得到 {cache_bytes}，允许的是至少一个缓存行的 {LINE_BYTES} 字节",
        )
    stores = int(np.count_nonzero(order.stores))
    fetched, written = run_cache(lines(order), order.stores, cache_bytes // LINE_BYTES)
    return Traffic(order.stores.size - stores, stores, fetched * LINE_BYTES, written * LINE_BYTES)


@takes("Order")
def lines(order: Order, line_bytes: int = LINE_BYTES) -> np.ndarray:
    """The cache line of each access, int64; each buffer begins with a line of its own, right after the one before."""
    sizes = [-(-buffer_bytes(buffer) // line_bytes) for buffer in order.buffers]
    bases = np.cumsum([0, *sizes])
    items = np.array([np.dtype(str(buffer.dtype)).itemsize for buffer in order.buffers], np.int64)
    if not order.buffers:
        return order.elements
    return bases[order.owners] + order.elements * items[order.owners] // line_bytes


def run_cache(lines: np.ndarray, is_store: np.ndarray, capacity: int) -> tuple[int, int]:
    """Send accesses through one fully associative cache.

    Args:
        lines: line number of each access.
        is_store: whether it changes the line.
        capacity: lines the cache holds.

    Returns:
        Lines fetched and lines written back.
    """
    state = LruCache(1, capacity)
    sent = state.send(lines, is_store)
    return sent.fetched, sent.written + state.flush().written
