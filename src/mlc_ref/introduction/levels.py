"""Run the function at each level, describe what a module holds, and cut excerpts out of generated code."""

import re
import textwrap
from dataclasses import dataclass

import numpy as np
import tvm
import tvm_ffi
from tvm import relax

from mlc_ref.kinds import invalid, takes
from mlc_ref.targets import cuda_target

LIBRARY_MATMUL = "mlc.introduction.matmul"

# Three CPUs to generate code for, whatever CPU this is. Code for another CPU is read, not run.
CPUS: dict[str, dict[str, str]] = {
    "x86-64, any": {"kind": "llvm", "mtriple": "x86_64-linux-gnu"},
    "x86-64 with AVX2": {"kind": "llvm", "mtriple": "x86_64-linux-gnu", "mcpu": "haswell"},
    "Arm Neoverse N1": {"kind": "llvm", "mtriple": "aarch64-linux-gnu", "mcpu": "neoverse-n1"},
}


def largest_error(found: np.ndarray, oracle: np.ndarray) -> float:
    """The largest absolute difference between two arrays of the same shape, taken in float64.

    Raises:
        ValueError: the shapes differ (NumPy would broadcast them).
    """
    if found.shape != oracle.shape:
        raise invalid(
            f"shape: got {found.shape}, the oracle has {oracle.shape}",
            f"shape：得到 {found.shape}，而参照结果是 {oracle.shape}",
        )
    return float(np.abs(found.astype("float64") - oracle).max())


@takes("IRModule")
def run_graph(mod: tvm.IRModule, *inputs: np.ndarray) -> np.ndarray:
    """Compile a module with a Relax ``main``, run it in the virtual machine."""
    machine = relax.VirtualMachine(tvm.compile(mod, "llvm"), tvm.cpu())
    return machine["main"](*map(tvm.runtime.tensor, inputs)).numpy()


def register_library() -> None:
    """Make NumPy's matmul callable from compiled modules as ``mlc.introduction.matmul``.

    The function receives its inputs and, last, the tensor to write: destination passing.
    """

    def matmul(x: tvm.runtime.Tensor, w: tvm.runtime.Tensor, out: tvm.runtime.Tensor) -> None:
        out.copyfrom(x.numpy() @ w.numpy())

    tvm.register_global_func(LIBRARY_MATMUL, matmul, override=True)


def forget_library() -> None:
    """Take ``mlc.introduction.matmul`` out of TVM's registry again; nothing happens where it is not there."""
    if tvm.get_global_func(LIBRARY_MATMUL, allow_missing=True) is not None:
        tvm_ffi.remove_global_func(LIBRARY_MATMUL)


@dataclass(frozen=True)
class Anatomy:
    """How much of each abstraction a module holds.

    Attributes:
        graphs: Relax functions.
        tensor_programs: TensorIR functions.
        operators: calls of graph operators such as ``R.matmul``, whose computation is still open.
        program_calls: calls of tensor programs (``R.call_tir``).
        library_calls: calls of library functions (``R.call_dps_packed``).
    """

    graphs: int = 0
    tensor_programs: int = 0
    operators: int = 0
    program_calls: int = 0
    library_calls: int = 0


_CALLS = {"relax.call_tir": "program_calls", "relax.call_dps_packed": "library_calls"}


@takes("IRModule")
def describe(mod: tvm.IRModule) -> Anatomy:
    """Count the functions and the calls of a module by abstraction."""
    functions = [function for _, function in mod.functions_items()]
    graphs = [function for function in functions if isinstance(function, relax.Function)]
    kinds: list[str] = []

    def visit(node: object) -> None:
        if isinstance(node, relax.Call) and isinstance(node.op, tvm.ir.Op):
            kinds.append(_CALLS.get(node.op.name, "operators"))

    for graph in graphs:
        relax.analysis.post_order_visit(graph, visit)
    counts = {kind: kinds.count(kind) for kind in ("operators", "program_calls", "library_calls")}
    return Anatomy(graphs=len(graphs), tensor_programs=len(functions) - len(graphs), **counts)


@takes("IRModule")
def loops_text(mod: tvm.IRModule, name: str = "main") -> str:
    """A tensor program from its first loop on, without what its blocks say they read and write.

    Raises:
        ValueError: the program has no loop.
    """
    lines = mod[name].script().splitlines()
    loops = [number for number, line in enumerate(lines) if line.lstrip().startswith("for ")]
    if not loops:
        raise invalid(f"name: got {name!r}, which has no loop", f"name：{name!r} 中没有循环")
    kept = (line for line in lines[loops[0] :] if not line.lstrip().startswith(("T.reads(", "T.writes(")))
    return textwrap.dedent("\n".join(kept))


@takes("Executable")
def llvm_excerpt(executable: tvm.runtime.Executable, name: str = "linear_relu") -> str:
    """The LLVM IR of a compiled function's computation, without the lines meant for debuggers.

    Raises:
        ValueError: the executable has no such function.
    """
    text = executable.mod.inspect_source("ll")
    found = re.search(rf"^define[^\n]*@{name}_compute_\(.*?^}}", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise invalid(
            f"name: got {name!r}, the executable defines {_defined(text)}",
            f"name：得到 {name!r}，可执行文件中定义的有 {_defined(text)}",
        )
    lines = (re.sub(r"(, !\w+ !\d+)+", "", re.sub(r",? !dbg !\d+", "", line)) for line in found[0].splitlines())
    return "\n".join(line for line in lines if line.strip() and "#dbg_" not in line)


@takes("Executable")
def assembly_excerpt(executable: tvm.runtime.Executable, name: str = "linear_relu") -> str:
    """The assembly of a compiled function's computation: instructions and the labels jumped to.

    Raises:
        ValueError: the executable has no such function.
    """
    text = executable.mod.inspect_source("asm")
    found = re.search(rf"^_?{name}_compute_:.*?(?=^\s*\.cfi_endproc|^\.?L?func_end|\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise invalid(
            f"name: got {name!r}, the executable has no function of this name",
            f"name：得到 {name!r}，可执行文件中没有这个名字的函数",
        )
    kept = (line.expandtabs(8).rstrip() for line in found[0].splitlines())
    return "\n".join(line for line in kept if re.match(r"\s+[a-z]|^\.LBB|^LBB|^\w+:", line))


def lines_around(text: str, word: str, before: int, after: int) -> str:
    """The first line that holds ``word``, with lines before and after it.

    Raises:
        ValueError: no line holds ``word``.
    """
    lines = text.splitlines()
    hits = [number for number, line in enumerate(lines) if word in line]
    if not hits:
        raise invalid(
            f"word: got {word!r}, none of the {len(lines)} lines has it",
            f"word：得到 {word!r}，{len(lines)} 行中都没有它",
        )
    return "\n".join(lines[max(0, hits[0] - before) : hits[0] + after + 1])


@takes("IRModule")
def cuda_text(mod: tvm.IRModule) -> str:
    """The CUDA source generated for a module whose loops are bound to blocks and threads; no GPU is needed."""
    return tvm.compile(mod, cuda_target()).mod.imports[0].inspect_source()


def cuda_kernel(text: str) -> str:
    """The kernels of a CUDA source, without the lines that make it fit several compilers.

    Raises:
        ValueError: the text defines no kernel.
    """
    found = re.search(r'^extern "C" __global__ [^;{]*\{.*', text, re.DOTALL | re.MULTILINE)
    if not found:
        raise invalid(
            'text: no kernel (extern "C" __global__ …) is defined in it',
            'text：其中没有定义内核（extern "C" __global__ …）',
        )
    return found[0].strip()


def _defined(text: str) -> list[str]:
    return re.findall(r"^define[^\n]*@(\w+)_compute_\(", text, re.MULTILINE)
