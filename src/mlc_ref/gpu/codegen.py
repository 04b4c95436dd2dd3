"""CUDA text and PTX of scheduled modules, and the schedules DLight finds by rule.

None of this needs a GPU or a driver. PTX needs a CUDA compiler: ``nvcc`` on the path, or NVRTC
through the package ``cuda-bindings``.
"""

import importlib.util
import shutil
from typing import TYPE_CHECKING

from mlc_ref.dlight_rules import apply_rules
from mlc_ref.kinds import invalid, takes
from mlc_ref.language import Text, for_print
from mlc_ref.targets import cuda_target

if TYPE_CHECKING:
    import tvm


class NoCudaCompilerError(RuntimeError):
    """PTX was asked for, and neither nvcc nor NVRTC is installed."""


@takes("IRModule")
def cuda_source(mod: "tvm.IRModule", arch: str = "sm_80") -> str:
    """The CUDA C++ text TVM generates for a scheduled module.

    Args:
        mod: a module all of whose statements stand below loops bound to threads.
        arch: compute capability.

    Raises:
        ValueError: no loop is bound to a thread, so there is no kernel.
    """
    import tvm

    executable = tvm.compile(mod, target=cuda_target(arch))
    if len(executable.mod.imports) == 0:
        raise invalid(
            "cuda_source: found no kernel; bind a loop to blockIdx.x or threadIdx.x first",
            "cuda_source：没有找到内核；请先把循环绑定到 blockIdx.x 或 threadIdx.x",
        )
    return executable.mod.imports[0].inspect_source()


@takes("IRModule")
def kernel_source(mod: "tvm.IRModule", arch: str = "sm_80") -> str:
    """``cuda_source`` without the helper definitions and declarations TVM puts before the kernels."""
    kernel = 'extern "C" __global__'
    source = cuda_source(mod, arch)
    lines = source[source.index(kernel) :].splitlines()
    return "\n".join(line for line in lines if not (line.startswith(kernel) and line.endswith(";"))).strip() + "\n"


def cuda_compilers() -> tuple[str, ...]:
    """The CUDA compilers installed here: of ``"nvcc"`` and ``"nvrtc"``, those present."""
    present = {"nvcc": shutil.which("nvcc") is not None, "nvrtc": _has_nvrtc()}
    return tuple(name for name, found in present.items() if found)


def _has_nvrtc() -> bool:
    try:
        return importlib.util.find_spec("cuda.bindings.nvrtc") is not None
    except ModuleNotFoundError:
        return False


def ptx(source: str, arch: str = "sm_80") -> str:
    """Compile CUDA text to PTX with the first compiler of ``cuda_compilers``.

    Args:
        source: CUDA C++ text, as ``cuda_source`` returns it.
        arch: compute capability; CUDA 13 knows ``sm_75`` and later.

    Raises:
        NoCudaCompilerError: no CUDA compiler is installed.
        RuntimeError: the compiler refuses the text; its message is included.
    """
    from tvm.support import nvcc

    compilers = cuda_compilers()
    if not compilers:
        raise NoCudaCompilerError(
            for_print(
                Text(
                    "PTX: found neither nvcc on the path nor NVRTC; install the CUDA toolkit, or: pip install cuda-bindings",
                    "PTX：路径中没有 nvcc，也没有 NVRTC；请安装 CUDA toolkit，或运行 pip install cuda-bindings",
                )
            )
        )
    with cuda_target(arch):
        return nvcc.compile_cuda(source, target_format="ptx", arch=arch, compiler=compilers[0]).decode()


@takes("IRModule")
def dlight_schedule(mod: "tvm.IRModule", arch: str = "sm_80") -> "tvm.IRModule":
    """Schedule every function of ``mod`` by the first of DLight's GPU rules that fits it.

    Args:
        mod: a module of unscheduled TensorIR functions; it is not changed.
        arch: compute capability; the rules read the target's limits.

    Returns:
        A module whose loops are bound to threads. Rules are tried in the order matrix
        multiplication, matrix-vector, reduction, transpose, and last a fallback.

    Raises:
        ValueError: no rule can schedule a function, such as one whose block has no axes.
    """
    from tvm.s_tir.dlight import gpu

    rules = (gpu.Matmul(), gpu.GEMV(), gpu.Reduction(), gpu.GeneralReduction(), gpu.Transpose(), gpu.Fallback())
    return apply_rules(mod, rules, cuda_target(arch), "dlight_schedule")
