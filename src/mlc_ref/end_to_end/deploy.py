"""From a Relax module to something that runs: compile, call, export, load, and read the instructions."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref import harness
from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    import tvm


@takes("IRModule", "Executable", "runtime.Module")
def run_graph(
    program: "tvm.IRModule | tvm.runtime.Executable | tvm.runtime.Module", *inputs: Any, entry: str = "main"
) -> Any:
    """Call a Relax function on the CPU through the virtual machine.

    Args:
        program: a module, compiled here for the native CPU, or an executable, also one that ``load`` read.
        inputs: NumPy arrays, passed as tensors; tuples of them; anything else, such as a
            ``tvm.runtime.ShapeTuple``, is passed as it is.

    Returns:
        A NumPy array, or a tuple of results where the function returns a tuple.
    """
    import tvm
    from tvm import relax

    executable = harness.build(program) if isinstance(program, tvm.IRModule) else program
    machine = relax.VirtualMachine(executable, tvm.cpu())
    return _to_numpy(machine[entry](*map(_to_tvm, inputs)))


def _to_tvm(value: Any) -> Any:
    import tvm

    # A tvm.runtime.ShapeTuple is a tuple as well, and stays what it is.
    if type(value) is tuple:
        return tuple(map(_to_tvm, value))
    return tvm.runtime.tensor(np.asarray(value, order="C")) if isinstance(value, np.ndarray) else value


def _to_numpy(value: Any) -> Any:
    import tvm
    from tvm_ffi import Array, Shape

    if isinstance(value, tvm.runtime.Tensor):
        return value.numpy()
    if isinstance(value, Shape):
        return tuple(int(extent) for extent in value)
    return tuple(map(_to_numpy, value)) if isinstance(value, Array) else value


@takes("Executable")
def export(executable: "tvm.runtime.Executable", path: Path) -> Path:
    """Write an executable as one shared library, code and constants together; needs a C++ compiler.

    Raises:
        ValueError: ``path`` does not end in ``.so``, by which the loader recognizes it.
    """
    if path.suffix != ".so":
        raise ValueError(refused("path", repr(path.name), Text("a name that ends in '.so'", "以 '.so' 结尾的名字")))
    executable.export_library(str(path))
    return path


def load(path: Path) -> "tvm.runtime.Module":
    """Read back what ``export`` wrote; run it with ``run_graph``.

    Raises:
        FileNotFoundError: there is no such file.
    """
    import tvm

    if not path.is_file():
        raise FileNotFoundError(
            for_print(
                Text(
                    f"path: {path.name} does not exist; `export` writes it",
                    f"path：{path.name} 不存在；请先用 `export` 写出它",
                )
            )
        )
    return tvm.runtime.load_module(str(path))


@takes("Executable")
def instructions(executable: "tvm.runtime.Executable", entry: str = "main") -> list[str]:
    """The virtual machine's instructions of one function, one line each.

    ``call`` instructions read ``call callee in: registers dst: register``; ``%0`` is the first argument.

    Raises:
        ValueError: the executable has no such function.
    """
    functions = dict(re.findall(r"^@(\S+):\n((?:  .*\n)+)", executable.as_text(), re.MULTILINE))
    if entry not in functions:
        raise ValueError(refused("entry", repr(entry), ", ".join(functions)))
    return [" ".join(line.split()) for line in functions[entry].splitlines()]


@takes("Executable")
def called(executable: "tvm.runtime.Executable", entry: str = "main") -> list[str]:
    """Names of the functions that ``entry`` calls, in order, without the machine's own ``vm.`` functions."""
    lines = [line.split() for line in instructions(executable, entry)]
    names = [words[1] for words in lines if words[0] == "call"]
    return [name for name in names if not name.startswith("vm.")]
