"""Several caches behind one another, each with a limited number of places for a line.

The model: an access goes to the first level. A line that a level lacks is fetched from the next one, and a changed
line that has to leave is written there; whole lines come down, so the lower level need not fetch them first. Each
level keeps what passes through it and none asks what the others hold (neither inclusive nor exclusive). Within a set
the line that was not used for longest leaves. Buffers lie one after the other from address 0, each from a line of its
own on.

What it does not see: that lanes of a vector are loaded at once, how long a line takes to come and whether anything waits
for it, lines fetched ahead, translation of addresses, other programs, and where the buffers really lie.

Sources: Hennessy and Patterson, *Computer Architecture: A Quantitative Approach*, appendix B (sets, and the causes of
misses); Hill and Smith, "Evaluating associativity in CPU caches", IEEE Transactions on Computers 38(12), 1989.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from mlc_ref.cache_model.cache import LINE_BYTES, lines
from mlc_ref.cache_model.lru import LruCache, Sent
from mlc_ref.cache_model.order import REGISTERS, Order, access_order
from mlc_ref.checks.sites import Subject
from mlc_ref.kinds import invalid, refused, takes


@dataclass(frozen=True)
class CacheLevel:
    """One cache.

    Attributes:
        name: such as ``L1``.
        size_bytes: capacity, a multiple of ``line_bytes * ways``.
        ways: lines of a set; ``None``: one set holds all (fully associative).
        line_bytes: of one line.

    Raises:
        ValueError: sizes that do not fit together.
    """

    name: str
    size_bytes: int
    ways: int | None = None
    line_bytes: int = LINE_BYTES

    def __post_init__(self) -> None:
        lines_of_a_set = 1 if self.ways is None else self.ways
        if min(self.size_bytes, self.line_bytes, lines_of_a_set) < 1:
            size, line = self.size_bytes, self.line_bytes
            raise invalid(
                f"{self.name}: got {size} bytes, {lines_of_a_set} ways, lines of {line} bytes; allowed sizes of at least 1",
                f"{self.name}：得到 {size} 字节、{lines_of_a_set} 路、每行 {line} 字节；允许的大小至少为 1",
            )
        if self.size_bytes % (self.line_bytes * lines_of_a_set):
            got, line = self.size_bytes, self.line_bytes
            raise invalid(
                f"{self.name}: got {got} bytes, allowed multiples of {lines_of_a_set} ways times {line} bytes a line",
                f"{self.name}：得到 {got} 字节，允许 {lines_of_a_set} 路乘以每行 {line} 字节的倍数",
            )

    @property
    def lines(self) -> int:
        """Lines it holds."""
        return self.size_bytes // self.line_bytes

    @property
    def sets(self) -> int:
        """Sets among which the lines are shared out by ``line % sets``."""
        return 1 if self.ways is None else self.lines // self.ways

    def empty(self) -> LruCache:
        """A cache of this size that holds nothing."""
        return LruCache(self.sets, self.lines // self.sets)


@dataclass(frozen=True)
class LevelTraffic:
    """What one level did.

    Attributes:
        name: of the level.
        accesses: loads and stores of elements at the first level, of lines at the others.
        misses: accesses whose line was not there.
        fetched_bytes, written_bytes: what came from below, and went there.
    """

    name: str
    accesses: int
    misses: int
    fetched_bytes: int
    written_bytes: int

    @property
    def hits(self) -> int:
        return self.accesses - self.misses

    @property
    def moved_bytes(self) -> int:
        """Bytes between this level and the one below, or memory."""
        return self.fetched_bytes + self.written_bytes


def level_traffic(
    subject: Subject, levels: Sequence[CacheLevel], *, warm: bool = False,
    registers: Collection[str] = REGISTERS, entry: str = "main",
) -> list[LevelTraffic]:  # fmt: skip
    """Count one run of a program on caches behind one another.

    Args:
        subject: a TensorIR function with fixed sizes; keep it small, a matmul of 64 has a million accesses.
        levels: the caches, nearest first, with lines of one size.
        warm: whether the run follows another one with the same data, as where a call is timed again and again;
            otherwise the caches begin empty and changed lines are written back at the end.
        registers: memory scopes that cost nothing.

    Raises:
        ValueError: no level, lines of several sizes, too many accesses, or a statement the model does not know.
    """
    return send_through(access_order(subject, registers=registers, entry=entry), levels, warm=warm)


@takes("Order")
def send_through(order: Order, levels: Sequence[CacheLevel], *, warm: bool = False) -> list[LevelTraffic]:
    """``level_traffic`` of accesses that are already in order.

    Raises:
        ValueError: no level, or lines of several sizes.
    """
    sizes = {level.line_bytes for level in levels}
    if len(sizes) != 1:
        raise invalid(
            f"levels: got lines of {sorted(sizes)} bytes, allowed one size for all levels",
            f"levels：得到 {sorted(sizes)} 字节的缓存行，允许各级使用同一大小",
        )
    numbers, stores = lines(order, sizes.pop()), order.stores
    caches = [level.empty() for level in levels]
    if warm:
        _run(caches, numbers, stores)
    sent = _run(caches, numbers, stores)
    if not warm:
        sent = [a.followed_by(b) for a, b in zip(sent, _flush(caches), strict=True)]
    accesses = [len(order), *(len(each.lines) for each in sent[:-1])]
    return [
        LevelTraffic(level.name, count, each.missed, each.fetched * level.line_bytes, each.written * level.line_bytes)
        for level, count, each in zip(levels, accesses, sent, strict=True)
    ]


def _run(caches: Sequence[LruCache], numbers: np.ndarray, stores: np.ndarray) -> list[Sent]:
    sent = []
    for depth, cache in enumerate(caches):
        sent.append(cache.send(numbers, stores, whole_lines=depth > 0))
        numbers, stores = sent[-1].lines, sent[-1].stores
    return sent


def _flush(caches: Sequence[LruCache]) -> list[Sent]:
    """Write back what is changed, level by level."""
    flushed = []
    numbers, stores = np.empty(0, np.int64), np.empty(0, bool)
    for cache in caches:
        flushed.append(cache.send(numbers, stores, whole_lines=True).followed_by(cache.flush()))
        numbers, stores = flushed[-1].lines, flushed[-1].stores
    return flushed


@dataclass(frozen=True)
class Misses:
    """Why lines were missing, in one cache that began empty.

    Attributes:
        compulsory: touched for the first time.
        capacity: would be missing from a cache of the same size with places everywhere, too.
        conflict: missing only since the line's set was full; can be negative where the least recently used line is not
            the best to give up.
    """

    compulsory: int
    capacity: int
    conflict: int

    @property
    def total(self) -> int:
        return self.compulsory + self.capacity + self.conflict


@takes("Order")
def misses_by_cause(order: Order, level: CacheLevel) -> Misses:
    """Compulsory, capacity and conflict misses of one cache.

    A load or store of an element is one access; accesses to one line that follow each other miss at most once.
    """
    numbers = lines(order, level.line_bytes)
    compulsory = len(np.unique(numbers))
    anywhere = LruCache(1, level.lines).send(numbers, order.stores).missed
    found = level.empty().send(numbers, order.stores).missed
    return Misses(compulsory, anywhere - compulsory, found - anywhere)


@takes("Order")
def lines_in_sets(order: Order, level: CacheLevel, buffer: str | None = None) -> np.ndarray:
    """How many different lines want a place in each set: more than ``ways`` of them cannot stay together.

    Args:
        buffer: name of the buffer that is looked at; default: all of them.

    Returns:
        int64 of shape ``(sets,)``.

    Raises:
        ValueError: the program touches no buffer of that name.
    """
    names = [str(each.name) for each in order.buffers]
    if buffer is not None and buffer not in names:
        raise ValueError(refused("buffer", repr(buffer), ", ".join(names)))
    numbers = lines(order, level.line_bytes)
    chosen = numbers if buffer is None else numbers[order.owners == names.index(buffer)]
    return np.bincount(np.unique(chosen) % level.sets, minlength=level.sets)
