"""Compile the course's programs for the benchmark, and remember how long that took."""

import time

import numpy as np
import tvm

from mlc_ref.targets import cpu_target

PAGE = 4096


def compiled(name: str, mod: tvm.IRModule, seconds: dict[str, float]):
    """The compiled function ``main`` of a module; ``seconds[name]`` becomes the compile time."""
    start = time.perf_counter()
    executable = tvm.compile(mod, target=cpu_target())
    seconds[name] = time.perf_counter() - start
    return executable["main"]


def aligned(array: np.ndarray) -> np.ndarray:
    """A copy of an array that starts a page, so that all contenders can read the same memory.

    NumPy asks for large pages for its arrays, TVM for its own does not: a copy of each would compare pages.
    """
    room = np.empty(array.nbytes + PAGE, "uint8")
    start = -room.ctypes.data % PAGE
    copy = room[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def shared(arrays: list[np.ndarray]) -> list:
    """TVM tensors on the memory of ``aligned`` arrays."""
    return [tvm.runtime.from_dlpack(array) for array in arrays]


def tensors(arrays: list[np.ndarray]) -> list:
    """TVM's copies of arrays."""
    return [tvm.runtime.tensor(array) for array in arrays]
