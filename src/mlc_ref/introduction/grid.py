"""Run the text of a simple CUDA kernel on the CPU: two loops play the blocks and the threads.

A GPU runs a kernel's body once for every thread of every block, each with its own ``blockIdx`` and
``threadIdx``. When the threads never wait for each other, the order does not matter, and a CPU may
run them one after the other. The kernel's text is compiled unchanged by the host's C++ compiler.

The kernel works on copies of the arrays between guard zones. After each block the zones must be as they were: a block that
wrote into neighbouring memory, as those of too large a grid do, is the last that runs. A write that leaps over a zone, and
a read, go unnoticed. A block has at most the threads its text allows (``__launch_bounds__``), and never more than a GPU's 1024.
"""

import ctypes
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.compilers import cpp_compiler
from mlc_ref.guards import Guarded
from mlc_ref.introduction.levels import cuda_kernel
from mlc_ref.kinds import invalid, whole_number
from mlc_ref.language import Text, for_print

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
extern "C" void play(int block, int threads, float** arrays) {{
  blockIdx.x = block;
  for (threadIdx.x = 0; threadIdx.x < threads; ++threadIdx.x)
    {kernel}({arguments});
}}
"""
_NEEDS_OTHERS = ("__shared__", "__syncthreads", "__shfl", "atomic")
_SIZE = Text(
    "{name}: got {found}; a whole number of at least 1 is needed", "{name}：给的是 {found}，需要不小于 1 的整数"
)
_THREADS = Text(
    "threads: got {found}; this kernel was generated for {bound} threads a block",
    "threads：给的是 {found}；这个内核是按每个线程块 {bound} 个线程生成的",
)
_MOST_THREADS = Text(
    "threads: got {found}; a block of a GPU has at most {bound}",
    "threads：给的是 {found}；GPU 的一个线程块最多有 {bound} 个线程",
)
_NO_COMPILER = Text(
    "no C++ compiler ($CXX, c++, g++ or clang++) was found; install one to run CUDA text on the CPU "
    "(Debian and Ubuntu: apt-get install g++)",
    "没有找到 C++ 编译器（$CXX、c++、g++ 或 clang++）；请安装一个，才能在 CPU 上运行 CUDA 代码"
    "（Debian 和 Ubuntu：apt-get install g++）",
)
GPU_THREADS = 1024  # of a block, on every GPU that CUDA knows
_BLOCKS = Text(
    "blocks: got {found}, but block {block} (they are counted from 0) writes outside of `{array}`; "
    "at most {block} blocks fit these arrays",
    "blocks：给的是 {found}，但第 {block} 号线程块（从 0 数起）会写到 `{array}` 之外；这些数组最多容得下 {block} 个线程块",
)


def run_on_grid(text: str, arrays: dict[str, np.ndarray], blocks: int, threads: int) -> None:
    """Run the one kernel of ``text`` for every block and thread; it writes into ``arrays``.

    Args:
        text: CUDA source with one kernel whose parameters are ``float* name_ptr``.
        arrays: float32 arrays in row-major order, by parameter name without ``_ptr``.
        blocks, threads: the grid's size and the block's size, in one dimension each.

    Raises:
        ValueError: the kernel's threads work together (shared memory, barriers), an array is missing or of
            another type, or the grid is larger than the kernel, a GPU or the arrays allow; the arrays are as they were then.
        RuntimeError: there is no C++ compiler.
    """
    kernel = cuda_kernel(text)
    used = [word for word in _NEEDS_OTHERS if word in kernel]
    if used:
        raise invalid(
            f"text: the kernel uses {used}; two loops can only run threads that work alone",
            f"text：内核使用了 {used}；两层循环只能运行互不相干的线程",
        )
    names = re.findall(r"float\* __restrict__ (\w+)_ptr", kernel.partition("{")[0])
    for name in names:
        _require_float32(name, arrays.get(name))
    blocks, threads = _whole("blocks", blocks), _whole("threads", threads)
    _require_threads(kernel, threads)
    held = {name: Guarded(arrays[name], Text.code(name), number) for number, name in enumerate(names)}
    with tempfile.TemporaryDirectory() as folder:
        play = ctypes.CDLL(str(_compile(kernel, len(names), Path(folder)))).play
        pointers = (ctypes.c_void_p * len(names))(*(each.values.ctypes.data for each in held.values()))
        for block in range(blocks):
            play(ctypes.c_int(block), ctypes.c_int(threads), pointers)
            _require_inside(held, block, blocks)
    for name, each in held.items():
        arrays[name][...] = each.values


def _whole(name: str, found: int) -> int:
    count = whole_number(found)
    if count is None or count < 1:
        raise ValueError(for_print(_SIZE.format(name=name, found=repr(found))))
    return count


def _require_threads(kernel: str, threads: int) -> None:
    said, bound = _MOST_THREADS, GPU_THREADS
    if stated := re.search(r"__launch_bounds__\((\d+)\)", kernel):
        said, bound = _THREADS, int(stated[1])
    if threads > bound:
        raise ValueError(for_print(said.format(found=threads, bound=bound)))


def _require_inside(held: dict[str, Guarded], block: int, blocks: int) -> None:
    """No array was left by the block that ran last."""
    for name, each in held.items():
        try:
            each.check()
        except CheckFailure as failure:
            raise ValueError(for_print(_BLOCKS.format(found=blocks, block=block, array=name))) from failure


def _require_float32(name: str, array: np.ndarray | None) -> None:
    if array is None:
        raise invalid(f"arrays: the kernel's parameter {name!r} is missing", f"arrays：缺少内核的参数 {name!r}")
    if array.dtype != np.float32 or not array.flags.c_contiguous:
        got = f"{array.dtype}, strides {array.strides}"
        raise invalid(
            f"arrays: {name!r} must be row-major float32, got {got}",
            f"arrays：{name!r} 要是行优先的 float32 数组，得到 {array.dtype}，步幅 {array.strides}",
        )


def _compile(kernel: str, parameters: int, folder: Path) -> Path:
    compiler = cpp_compiler()
    if not compiler:
        raise RuntimeError(for_print(_NO_COMPILER))
    name = re.findall(r"(\w+)\(float\*", kernel)[0]
    arguments = ", ".join(f"arrays[{i}]" for i in range(parameters))
    source, library = folder / "kernel.cc", folder / "kernel.so"
    source.write_text(_BEFORE + kernel + _AFTER.format(kernel=name, arguments=arguments))
    subprocess.run([compiler, "-std=c++17", "-O1", "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    return library
