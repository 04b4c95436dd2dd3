"""Arguments of compiled code between guard zones: a program that leaves its arrays is noticed, whatever lies there.

What stands beside an array in memory is chance: a program that reads past the end gets right numbers in some runs.
Here it is NaN (or the largest value of an integer type), and it has to be the same after the call.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

ALIGNMENT = 64  # of the data of TVM's tensors, in bytes
_LEAST, _MOST = 4096, 2**20


class Guarded:
    """A copy of an array, with a guard zone before and behind it, as a tensor TVM can be given.

    Args:
        array: what it holds at first.
        place: how a message calls it.
        number: of the array among those of one call. Their guard zones hold different NaN: one that a program reads
            beside one array and writes beside another is noticed.

    Attributes:
        tensor: the TVM tensor.
        values: the array as it is now.
    """

    def __init__(self, array: np.ndarray, place: Text, number: int = 0):
        import tvm

        array = np.asarray(array, order="C")
        self._place = place
        zone = -(-min(max(array.nbytes, _LEAST), _MOST) // ALIGNMENT) * ALIGNMENT
        memory = np.empty(array.nbytes + 2 * zone + ALIGNMENT, "uint8")
        start = zone + -(memory.ctypes.data + zone) % ALIGNMENT
        zones = [memory[start - zone : start], memory[start + array.nbytes : start + array.nbytes + zone]]
        for each in zones:
            each[:] = np.resize(np.frombuffer(_beside(array.dtype, number).tobytes(), "uint8"), zone)
        self._zones = [(each, each.copy()) for each in zones]
        self.values = memory[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
        self.values[...] = array
        # NumPy gives an empty array an address of its own, which need not be aligned.
        shared = tvm.runtime.from_dlpack if self.values.size else tvm.runtime.tensor
        self.tensor: Any = shared(self.values)

    def check(self) -> None:
        """Nobody wrote beside the array.

        Raises:
            CheckFailure: somebody did.
        """
        if any(not np.array_equal(now, before) for now, before in self._zones):
            raise CheckFailure(
                expected=Text("a program that writes inside its arguments", "只在参数范围之内写入的程序"),
                found=Text("it wrote beside one of them", "它写到了某个参数之外"),
                where=self._place,
                hint=Text(
                    "Compare each index with its loop: a loop must not run further than the size of its dimension.",
                    "把每个下标与它的循环对照：循环的次数不能超过该维度的长度。",
                ),
            )


def guarded(values: Sequence[Any]) -> list[Any]:
    """Every array among the arguments of a call as ``Guarded``; anything else as it is."""
    return [
        Guarded(value, Text(f"argument {n}", f"第 {n} 个参数"), n) if isinstance(value, np.ndarray) else value
        for n, value in enumerate(values, 1)
    ]


def tensors(arguments: Sequence[Any]) -> list[Any]:
    """What TVM is given: the tensor of each guarded array."""
    return [each.tensor if isinstance(each, Guarded) else each for each in arguments]


def check_guards(arguments: Sequence[Any]) -> None:
    """No zone beside a guarded array was written.

    Raises:
        CheckFailure: naming the first argument of which one was.
    """
    for each in arguments:
        if isinstance(each, Guarded):
            each.check()


def outputs_of(call: Callable[..., Any], inputs: Sequence[Any], fresh: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The outputs of a function that writes into the arrays it is given after its inputs.

    It is called twice, on outputs that hold different things before the call: a maximum that is never started
    swallows NaN.

    Args:
        fresh: the outputs as they are before the first call, all NaN or the largest integer.

    Raises:
        CheckFailure: it wrote beside an argument, or its results depend on what the outputs held before.
    """
    found = []
    for before in (fresh, [_alternating(each) for each in fresh]):
        held = guarded([*inputs, *before])
        call(*tensors(held))
        check_guards(held)
        found.append([each.values.copy() for each in held[len(inputs) :]])
    # NaN that came through is told by whoever compares.
    if not any(each.dtype.kind == "f" and np.isnan(each).any() for each in found[0]):
        for number, (first, second) in enumerate(zip(*found, strict=True), 1):
            _same_twice(first, second, Text(f"output {number}", f"第 {number} 个输出"))
    return found[0]


def _same_twice(first: np.ndarray, second: np.ndarray, where: Text) -> None:
    if not np.array_equal(first, second, equal_nan=first.dtype.kind == "f"):
        raise CheckFailure(
            expected=Text("results made of the inputs alone", "只由输入决定的结果"),
            found=Text("results that depend on what the output held before", "结果与输出中原有的内容有关"),
            where=where,
            hint=Text(
                "Every element is written before it is read: give each reduction its first value.",
                "每个元素都要先写后读：给每个规约一个初始值。",
            ),
        )


def _alternating(array: np.ndarray) -> np.ndarray:
    """Very large and very small values in turns: one of them shows in a maximum, one in a minimum."""
    if array.dtype.kind == "b":
        return np.zeros_like(array)
    info = np.finfo(array.dtype) if array.dtype.kind == "f" else np.iinfo(array.dtype)
    return np.resize(np.array([info.max, info.min], array.dtype), array.size).reshape(array.shape)


def _beside(dtype: np.dtype, number: int) -> np.ndarray:
    if dtype.kind == "f" and dtype.itemsize <= 8:
        # Arithmetic keeps the last bits of NaN; nine of them are free in the shortest type.
        bits = np.array([np.nan], dtype).view(f"u{dtype.itemsize}")
        return (bits + bits.dtype.type(number % 500)).view(dtype)
    if dtype.kind in "fc":
        return np.array(np.nan, dtype)
    return np.array(True if dtype.kind == "b" else np.iinfo(dtype).max, dtype)
