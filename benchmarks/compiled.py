"""Compile the course's programs for the benchmark, and remember how long that took."""

import time

import numpy as np
import tvm

from mlc_ref.targets import cpu_target


def compiled(name: str, mod: tvm.IRModule, seconds: dict[str, float]):
    """The compiled function ``main`` of a module; ``seconds[name]`` becomes the compile time."""
    start = time.perf_counter()
    executable = tvm.compile(mod, target=cpu_target())
    seconds[name] = time.perf_counter() - start
    return executable["main"]


def tensors(arrays: list[np.ndarray]) -> list:
    """TVM's copies of arrays."""
    return [tvm.runtime.tensor(array) for array in arrays]
