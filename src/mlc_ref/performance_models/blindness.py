"""What a model of caches cannot see: pairs of programs with the same misses, of which one is much slower.

Each pair touches the same lines equally often; the model says the same of both, and a clock does not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.performance_models.compared import Kernel, features_with
from mlc_ref.performance_models.measuring import READ_CHAINS, read_loop
from mlc_ref.performance_models.programs import LINE_ELEMENTS, lines_in_order, read_again
from mlc_ref.schedules.programs import row_sum

PAGE_LINES = 64
"""Lines of 64 bytes in a page of 4 KiB."""
_STRIDE = 25  # odd, so that it meets all lines of a page, and not near 1, so that neighbours do not follow each other
_LINES = Text("multiples of {page} squared", "{page} 的平方的倍数")


@dataclass(frozen=True)
class Blind:
    """Two programs that the model of caches takes for equal.

    Attributes:
        about: what it does not see.
        why: what makes the second one slower.
        quick, slow: the programs.
    """

    about: Text
    why: Text
    quick: Kernel
    slow: Kernel


def vectors(length: int = 2064) -> Blind:
    """Sixteen sums side by side: on one vector, and one number at a time.

    The rows that the second program sums are an odd number of lines long, so that their lines spread over a cache's sets.
    """
    x = _whole_numbers((length, LINE_ELEMENTS))
    across = np.ascontiguousarray(x.T)
    quick = Schedule(read_again(1, length, LINE_ELEMENTS))
    out = quick.cache_write("S", 0, "local")
    quick.vectorize(quick.get_loops("S")[-1])
    quick.vectorize(quick.get_loops(out)[-1])
    quick.decompose_reduction("S", quick.get_loops("S")[0])
    slow = Schedule(row_sum(LINE_ELEMENTS, length))
    slow.reorder(*reversed(slow.get_loops("S")))
    return Blind(
        Text("vectors", "向量"),
        Text("one instruction adds one number instead of sixteen", "一条指令只加一个数，而不是十六个"),
        Kernel(quick, (x,), x.sum(0)),
        Kernel(slow, (across,), across.sum(1)),
    )


def latency(size_bytes: int = 1 << 14, lanes: int = 8) -> Blind:
    """The same numbers added on vectors in the same order: into eight sums, and into one."""
    features = features_with(lanes)
    wide = _whole_numbers((size_bytes // (4 * READ_CHAINS * lanes), READ_CHAINS * lanes))
    narrow = wide.reshape(-1, lanes)
    return Blind(
        Text("latency", "延迟"),
        Text("every addition waits for the one before", "每次加法都要等前一次的结果"),
        Kernel(read_loop(1, len(wide), features), (wide,), wide.sum(0)),
        Kernel(read_loop(1, len(narrow), features, chains=1), (narrow,), narrow.sum(0)),
    )


def prefetch(lines: int = 1 << 20) -> Blind:
    """All lines of an array: one after the other, and in a scrambled order within each page."""
    return Blind(
        Text("prefetch", "预取"),
        Text("the processor cannot guess the next line", "处理器猜不到下一个缓存行"),
        _visiting(lines, lambda i: i),
        _visiting(lines, lambda i: i // PAGE_LINES * PAGE_LINES + i * _STRIDE % PAGE_LINES),
    )


def translation(lines: int = 1 << 20) -> Blind:
    """All lines of an array in a scrambled order: page after page, and from page to page with every step.

    Raises:
        ValueError: ``lines`` is no multiple of ``PAGE_LINES ** 2``, so that the second order would not meet all lines.
    """
    if lines % PAGE_LINES**2:
        raise ValueError(refused("lines", lines, _LINES.format(page=PAGE_LINES)))
    pages = lines // PAGE_LINES
    return Blind(
        Text("translation of addresses (TLB)", "地址转换（TLB）"),
        Text("every step is to another page, whose address must be translated", "每一步都换一页，地址要重新转换"),
        _visiting(lines, lambda i: i // PAGE_LINES * PAGE_LINES + i * _STRIDE % PAGE_LINES),
        _visiting(lines, lambda i: i * _STRIDE % pages * PAGE_LINES + (i // pages * _STRIDE) % PAGE_LINES),
    )


BLIND: dict[str, Callable[[], Blind]] = {
    "vectors": vectors,
    "latency": latency,
    "prefetch": prefetch,
    "translation": translation,
}
"""All pairs by name, at sizes at which the difference shows."""


def _visiting(lines: int, place: Callable) -> Kernel:
    x = _whole_numbers((lines, LINE_ELEMENTS))
    return Kernel(Schedule(lines_in_order(lines, place)), (x,), x[:, :1].sum(0))


def _whole_numbers(shape: tuple[int, ...]) -> np.ndarray:
    """Small ones, whose float32 sums are exact in any order."""
    return np.random.default_rng(0).integers(-1, 2, shape).astype("float32")
