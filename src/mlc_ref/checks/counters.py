"""Checks on what a kernel does on a GPU, as the simulator counts it."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.gpu_sim import (
    BarrierDivergence,
    DataRace,
    Options,
    OutOfBounds,
    Result,
    SimulationError,
    StepLimit,
    UninitializedRead,
    Unsupported,
    simulate,
)
from mlc_ref.gpu_sim.counters import NAMES
from mlc_ref.gpu_sim.result import label
from mlc_ref.kinds import invalid
from mlc_ref.language import Text

if TYPE_CHECKING:
    import tvm

_RUNS = Text("a kernel that runs without an error", "能够无错运行的内核")
_ONCE = Text("kernels that are started once each", "每个内核只启动一次")
_ORDERED = Text("no two threads that touch one element in no order", "没有数据竞争")
_BARRIER_HINT = Text(
    "Between a write and another thread's access to the same element there must be a barrier; "
    "between blocks there is none before the kernel ends.",
    "一个线程写入后，另一个线程访问同一元素之前必须有屏障；不同线程块之间在内核结束前没有任何同步。",
)
_HINTS: dict[type, Text] = {
    Unsupported: Text(
        "Bind loops of every block to blockIdx and threadIdx, the outermost ones to blockIdx; "
        "a loop around a kernel is left to the CPU.",
        "把每个块的循环绑定到 blockIdx 和 threadIdx，最外层的绑定到 blockIdx；内核之外的循环会留给 CPU。",
    ),
    OutOfBounds: Text(
        "Does a split that does not divide the extent leave iterations to spare? Print the module and look for T.where.",
        "拆分除不尽时，多出来的迭代有没有被挡住？打印模块，看看有没有 T.where。",
    ),
    UninitializedRead: Text(
        "Is every element that is read written before, by the same threads and loops, and only where it is computed?",
        "读到的每个元素，之前是否都由对应的线程和循环写过？写回的是否只是算过的元素？",
    ),
    BarrierDivergence: Text(
        "Every thread of a block must reach every barrier: take it out of the condition.",
        "线程块的所有线程都必须到达每个屏障：把屏障移到条件之外。",
    ),
    StepLimit: Text(
        "Bind more loops to threads, or do less work in each.", "把更多循环绑定到线程，或减少每个线程的工作。"
    ),
}  # fmt: skip


def counter_at_most(result: Result, counter: str, limit: int, *, hint: Text | None = None) -> None:
    """A counter, summed over all kernels, is no larger than ``limit``.

    Args:
        counter: a field of ``mlc_ref.gpu_sim.Counters``, such as ``global_load_sectors``.

    Raises:
        CheckFailure: it is larger; the statement that contributes most is named.
        ValueError: there is no such counter.
    """
    found = _value(result, counter)
    name = label(counter)
    require(
        found <= limit,
        expected=Text(f"at most {limit:,} {name.en}", f"{name.zh}不超过 {limit:,}"),
        found=f"{found:,}",
        where=_largest(result, counter),
        hint=hint,
    )


def counter_is(result: Result, counter: str, value: int, *, hint: Text | None = None) -> None:
    """A counter, summed over all kernels, has exactly this value.

    Raises:
        CheckFailure: it has another.
        ValueError: there is no such counter.
    """
    found = _value(result, counter)
    name = label(counter)
    expected = Text(f"{value:,} {name.en}", f"{name.zh}为 {value:,}")
    require(found == value, expected=expected, found=f"{found:,}", where=_largest(result, counter), hint=hint)


def no_bank_conflicts(result: Result, *, hint: Text | None = None) -> None:
    """No access of shared memory needs an additional pass.

    Raises:
        CheckFailure: naming the kind of access and the statement with the most conflicts.
    """
    for counter in ("shared_load_conflicts", "shared_store_conflicts"):
        counter_is(result, counter, 0, hint=hint)


def coalesced(result: Result, sectors: int = 4, *, hint: Text | None = None) -> None:
    """No statement asks, on average, for more sectors of global memory in one request.

    Args:
        sectors: 4 for 32 lanes of 4 bytes side by side; 16 for vectors of 16 bytes.

    Raises:
        CheckFailure: naming the first statement that does.
    """
    for kernel in result.kernels:
        for row in kernel.statements:
            for way in ("load", "store"):
                requests = getattr(row.counters, f"global_{way}_requests")
                asked = getattr(row.counters, f"global_{way}_sectors")
                require(
                    asked <= sectors * requests,
                    expected=Text(f"at most {sectors} sectors a request", f"每个请求不超过 {sectors} 个扇区"),
                    found=f"{asked / max(requests, 1):.1f}",
                    where=_place(kernel.name, row.statement),
                    hint=hint,
                )


def simulated(
    mod: "tvm.IRModule", inputs: Sequence[Any], outputs: Sequence[tuple[tuple[int, ...], str]], *,
    options: Options | None = None, entry: str = "main", hint: Text | None = None,
) -> Result:  # fmt: skip
    """The result of a simulation with every detection on, of kernels that no loop starts again and again.

    Raises:
        CheckFailure: the simulator found a mistake or an unsupported construct, and its message says where; or a loop
            around a kernel is left to the CPU.
    """
    try:
        result = simulate(mod, inputs, outputs, options=options, entry=entry)
    except DataRace as error:
        advice = error.advice or hint or _BARRIER_HINT
        raise CheckFailure(expected=_ORDERED, found=_message(error, error.accesses), hint=advice) from error
    except (SimulationError, ValueError) as error:
        raise CheckFailure(expected=_RUNS, found=_message(error), hint=hint or _HINTS.get(type(error))) from error
    for name, times in Counter(kernel.name for kernel in result.kernels).most_common(1):
        again = Text(f"a loop of the CPU that starts {name} {times} times", f"CPU 上的循环启动了 {name} {times} 次")
        require(times == 1, expected=_ONCE, found=again, hint=hint or _HINTS[Unsupported])
    return result


def no_race(
    mod: "tvm.IRModule", inputs: Sequence[Any], outputs: Sequence[tuple[tuple[int, ...], str]], *,
    barriers_by_hand: bool = False, entry: str = "main", hint: Text | None = None,
) -> None:  # fmt: skip
    """The kernel has no data race and no other mistake.

    Args:
        barriers_by_hand: leave out the barriers that TVM would insert, so that the kernel's own must do.

    Raises:
        CheckFailure: it has; both accesses are named.
    """
    simulated(mod, inputs, outputs, options=Options(insert_barriers=not barriers_by_hand), entry=entry, hint=hint)


def _value(result: Result, counter: str) -> int:
    if counter not in NAMES:
        raise invalid(
            f"counter: got {counter!r}, there are {', '.join(NAMES)}",
            f"counter：得到 {counter!r}，可选的有 {', '.join(NAMES)}",
        )
    return getattr(result.counters, counter)


def _largest(result: Result, counter: str) -> Text | None:
    """The statement that contributes most to a counter."""
    rows = [(getattr(r.counters, counter), k.name, r.statement) for k in result.kernels for r in k.statements]
    most = max(rows, key=lambda row: row[0], default=(0, "", ""))
    return _place(most[1], most[2]) if most[0] else None


def _place(kernel: str, statement: str) -> Text:
    return Text(f"kernel {kernel}, {statement}", f"内核 {kernel}，{statement}")


def _message(error: Exception, said: Text | None = None) -> Text:
    said = said or (error.text if isinstance(error, SimulationError) else Text.english(str(error)))
    return Text("{kind}: {said}", "{kind}：{said}").format(kind=type(error).__name__, said=said)
