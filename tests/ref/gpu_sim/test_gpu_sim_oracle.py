"""A second opinion: the generated CUDA text, compiled as C++ with ``gpu_oracle/shim.h``, gives the same results."""

import ctypes
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from gpu_cases import CASES as KNOWN
from present import present
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs as gpu_programs
from mlc_ref.gpu.schedules import matmul, reduction, transpose, vector_add, window_sum
from mlc_ref.gpu_sim import programs, simulate
from mlc_ref.targets import cuda_target
from mlc_ref.tensorization.programs import matmul as tensor_programs
from mlc_ref.tensorization.schedules import tensor_core

SHIM = Path(__file__).parent / "oracle" / "shim.h"
KERNEL = re.compile(r'extern "C" __global__ void .*?(\w+)\(([^)]*)\) \{')


def uniform(*shape, dtype="float32"):
    return np.random.default_rng(0).random(shape, dtype="float32").astype(dtype)


def scheduled(step, mod):
    return step(Schedule(mod)).mod


def half_matmul(n, m, k):
    return tensor_programs.matmul(n, m, k, "float16", "float16", "float32")


CASES: dict[str, tuple[Any, list[tuple[int, ...]], tuple[int, ...]]] = {
    "vector_add": (programs.vector_add(shift=1), [(1025,), (1024,)], (1024,)),
    "strided_copy": (programs.strided_copy(256, 3), [(768,)], (256,)),
    "vector_copy": (programs.vector_copy(1024, 4), [(1024,)], (1024,)),
    "transpose_naive": (programs.transpose_naive(64), [(64, 64)], (64, 64)),
    "transpose_shared": (programs.transpose_shared(64, 1), [(64, 64)], (64, 64)),
    "window_global": (programs.window_sum(256, cooperative=False), [(258,)], (256,)),
    "window_shared": (programs.window_sum(256), [(258,)], (256,)),
    "matmul_naive": (programs.matmul_naive(32), [(32, 32)] * 2, (32, 32)),
    "matmul_blocked": (programs.matmul_blocked(64), [(64, 64)] * 2, (64, 64)),
    "vectors": (scheduled(vector_add.one_vector_a_thread, gpu_programs.vector_add(1000)), [(1000,)] * 2, (1000,)),
    "window": (scheduled(window_sum.from_shared, gpu_programs.window_sum(300)), [(302,)], (300,)),
    "transpose": (scheduled(transpose.padded, gpu_programs.transpose(33, 50)), [(33, 50)], (50, 33)),
    "row_a_block": (scheduled(reduction.row_a_block, gpu_programs.row_sum(5, 333)), [(5, 333)], (5,)),
    "two_kernels": (scheduled(reduction.two_kernels, gpu_programs.total(1001)), [(1001,)], (1,)),
    **{
        f"matmul_{name}": (scheduled(step, gpu_programs.matmul(70, 66, 50)), [(70, 50), (50, 66)], (70, 66))
        for name, step in matmul.LADDER.items()
    },
    "tensor_core": (scheduled(tensor_core.tensor_core, half_matmul(64, 64, 32)), [(64, 32), (32, 64)], (64, 64)),
    "tensor_core_padded": (scheduled(tensor_core.tensor_core, half_matmul(40, 70, 30)), [(40, 30), (30, 70)], (40, 70)),
}


def parameter_names(mod):
    return [parameter.name for parameter in mod["main"].params]


# Types of few bits have their own C++ classes, which the shim lacks; loops on the host are not in the kernels' text.
NO_TEXT = ("bfloat16", "float8", "a_loop_on_the_host", "sort")
# The text tells buffers of one name apart by numbers of its own.
KNOWN = {
    name: case
    for name, case in KNOWN.items()
    if name not in NO_TEXT and len(set(names := parameter_names(case.mod))) == len(names)
}
ALL = {**{name: mod for name, (mod, _, _) in CASES.items()}, **{name: case.mod for name, case in KNOWN.items()}}


def cuda_text(mod, case):
    """The kernels of the generated text, without its preamble, named after the case."""
    text = tvm.compile(mod, cuda_target()).mod.imports[0].inspect_source()
    text = text[text.index('extern "C" __global__') :]
    text = text.replace("main_kernel", f"{case}_kernel").replace("extern __shared__", "extern")
    return re.sub(r"__shared__ (alignas\(\d+\))", r"\1 static", text)  # the order C++ wants


def launcher(name, parameters):
    """``launch_<kernel>(grid, block, arguments)`` of one kernel, and the kernel's parameter names."""
    types, names = zip(
        *(present(re.fullmatch(r"(.*?)(\w+)", p.strip())).groups() for p in parameters.split(",")), strict=True
    )
    pointers = [re.sub("__restrict__|const", "", t) if "*" in t else f"{t}*" for t in types]
    values = ", ".join(
        f"{'' if '*' in t else '*'}({p})a[{i}]" for i, (t, p) in enumerate(zip(types, pointers, strict=True))
    )
    head = f'extern "C" void launch_{name}(const int* grid, const int* block, void** a)'
    return f"{head} {{ launch(grid, block, [=] {{ {name}({values}); }}); }}", [n.removesuffix("_ptr") for n in names]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """All kernels in one shared library, and their parameter names."""
    folder = tmp_path_factory.mktemp("oracle")
    texts = [cuda_text(mod, case) for case, mod in ALL.items()]
    texts.append(cuda_text(CASES["transpose_shared"][0], "broken").replace("__syncthreads();", ""))
    kernels = {name: launcher(name, parameters) for text in texts for name, parameters in KERNEL.findall(text)}
    source, library = folder / "kernels.cpp", folder / "kernels.so"
    source.write_text("\n".join([f'#include "{SHIM}"', *texts, *(code for code, _ in kernels.values())]))
    compiler = next(found for found in map(shutil.which, ("g++", "clang++", "c++")) if found)
    subprocess.run([compiler, "-std=c++17", "-O1", "-w", "-shared", "-fPIC", source, "-o", library], check=True)
    return ctypes.CDLL(str(library)), {name: names for name, (_, names) in kernels.items()}


def run_text(compiled, case, inputs, result, text=None):
    """The output of the text's kernels, run in order."""
    output = np.full_like(result.outputs[0], np.nan)
    return run_kernels(compiled, ALL[case], case, [*inputs, output], result, text)[-1]


def run_kernels(compiled, mod, case, arguments, result, text=None):
    """The arguments after the text's kernels ran, in order; buffers between kernels start as zeros."""
    library, names = compiled
    memory = dict(zip(parameter_names(mod), arguments, strict=True)) | dict(lengths(mod, arguments))
    for kernel in result.kernels:
        name = kernel.name.replace("main_kernel", f"{text or case}_kernel")
        pointers = [memory.setdefault(n, np.zeros(1 << 16, "float32")).ctypes.data for n in names[name]]
        packed = (ctypes.c_void_p * len(pointers))(*pointers)
        triple = ctypes.c_int * 3
        getattr(library, f"launch_{name}")(triple(*kernel.grid), triple(*kernel.block), packed)
    return arguments


def lengths(mod, arguments):
    """The lengths that arrays bring along, by name."""
    for parameter, array in zip(mod["main"].params, arguments, strict=True):
        for extent, found in zip(getattr(parameter.ty, "shape", ()), array.shape, strict=False):
            if type(extent).__name__ == "Var":
                yield extent.name, np.array(found, str(extent.ty))
        if array.ndim > 1:
            yield from (("start", np.array(0, "int32")), ("row", np.array(array.shape[1], "int32")))


@pytest.mark.parametrize("case", CASES)
def test_simulator_and_generated_text_agree(case, compiled):
    mod, shapes, output = CASES[case]
    half = case.startswith("tensor_core")
    inputs = [uniform(*shape, dtype="float16" if half else "float32") for shape in shapes]
    result = simulate(mod, inputs, [(output, "float32")])
    found = run_text(compiled, case, inputs, result)
    np.testing.assert_allclose(result.outputs[0], found, rtol=1e-5)


@pytest.mark.parametrize("case", KNOWN)
def test_what_is_known_beforehand_is_what_the_generated_text_computes(case, compiled):
    known = KNOWN[case]
    result = simulate(known.mod, known.inputs, known.outputs)
    given = [
        np.array(a, p.ty.dtype) if not hasattr(p.ty, "shape") else a
        for a, p in zip(known.inputs, known.mod["main"].params, strict=False)
    ]
    outputs = [np.array(o) if isinstance(o, np.ndarray) else np.zeros(*o) for o in known.outputs]
    arguments = run_kernels(compiled, known.mod, case, [*given, *outputs], result)
    for expected, found in zip(known.expected, arguments[len(given) :], strict=True):
        np.testing.assert_allclose(found, expected, rtol=max(known.rtol, 1e-6) if expected.dtype.kind == "f" else 0)


def test_the_second_opinion_sees_a_missing_barrier(compiled):
    """The oracle is no rubber stamp: without its barriers the same text gives other numbers."""
    a = uniform(64, 64)
    result = simulate(CASES["transpose_shared"][0], [a], [((64, 64), "float32")])
    found = run_text(compiled, "transpose_shared", [a], result, text="broken")
    assert not np.array_equal(found, a.T)
