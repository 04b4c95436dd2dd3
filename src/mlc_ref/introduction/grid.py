"""Run the text of a simple CUDA kernel on the CPU: two loops play the blocks and the threads.

A GPU runs a kernel's body once for every thread of every block, each with its own ``blockIdx`` and
``threadIdx``. When the threads never wait for each other, the order does not matter, and a CPU may
run them one after the other. The kernel's text is compiled unchanged by the host's C++ compiler.
"""

import ctypes
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from mlc_ref.compilers import cpp_compiler
from mlc_ref.introduction.levels import cuda_kernel

_BEFORE = """
#include <algorithm>
#include <cmath>
struct Index { int x, y, z; };
static Index blockIdx, threadIdx;
#define __global__
#define __launch_bounds__(threads)
using std::max;
using std::min;
"""
_AFTER = """
extern "C" void play(int blocks, int threads, float** arrays) {{
  for (blockIdx.x = 0; blockIdx.x < blocks; ++blockIdx.x)
    for (threadIdx.x = 0; threadIdx.x < threads; ++threadIdx.x)
      {kernel}({arguments});
}}
"""
_NEEDS_OTHERS = ("__shared__", "__syncthreads", "__shfl", "atomic")


def run_on_grid(text: str, arrays: dict[str, np.ndarray], blocks: int, threads: int) -> None:
    """Run the one kernel of ``text`` for every block and thread; it writes into ``arrays``.

    Args:
        text: CUDA source with one kernel whose parameters are ``float* name_ptr``.
        arrays: float32 arrays in row-major order, by parameter name without ``_ptr``.
        blocks, threads: the grid's size and the block's size, in one dimension each.

    Raises:
        ValueError: the kernel's threads work together (shared memory, barriers), or an array is
            missing or of another type.
        RuntimeError: there is no C++ compiler.
    """
    kernel = cuda_kernel(text)
    used = [word for word in _NEEDS_OTHERS if word in kernel]
    if used:
        raise ValueError(f"text: the kernel uses {used}; two loops can only run threads that work alone")
    names = re.findall(r"float\* __restrict__ (\w+)_ptr", kernel.partition("{")[0])
    for name in names:
        _require_float32(name, arrays.get(name))
    with tempfile.TemporaryDirectory() as folder:
        play = ctypes.CDLL(str(_compile(kernel, len(names), Path(folder)))).play
        pointers = (ctypes.c_void_p * len(names))(*(arrays[name].ctypes.data for name in names))
        play(ctypes.c_int(blocks), ctypes.c_int(threads), pointers)


def _require_float32(name: str, array: np.ndarray | None) -> None:
    if array is None:
        raise ValueError(f"arrays: the kernel's parameter {name!r} is missing")
    if array.dtype != np.float32 or not array.flags.c_contiguous:
        raise ValueError(f"arrays: {name!r} must be row-major float32, got {array.dtype}, strides {array.strides}")


def _compile(kernel: str, parameters: int, folder: Path) -> Path:
    compiler = cpp_compiler()
    if not compiler:
        raise RuntimeError(
            "no C++ compiler ($CXX, c++, g++ or clang++) was found; install one to run CUDA text on the CPU "
            "(Debian and Ubuntu: apt-get install g++)"
        )
    name = re.findall(r"(\w+)\(float\*", kernel)[0]
    arguments = ", ".join(f"arrays[{i}]" for i in range(parameters))
    source, library = folder / "kernel.cc", folder / "kernel.so"
    source.write_text(_BEFORE + kernel + _AFTER.format(kernel=name, arguments=arguments))
    subprocess.run([compiler, "-std=c++17", "-O1", "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    return library
