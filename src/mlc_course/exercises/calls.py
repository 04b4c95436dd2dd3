"""The ``call`` of ``run`` parts for answers that run in this process: the learner's own check."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from mlc_course.exercises.answers import MODULE_OF_SCHEDULE
from mlc_course.exercises.failures import failure_of
from mlc_course.exercises.plain import NotPlain, input_copy, plain_copy
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.plain_loops import run, text_of
from mlc_ref.harness import build, unwritten
from mlc_ref.language import Text

Outputs = Sequence[tuple[tuple[int, ...], str]]
Libraries = Mapping[str, Callable[..., Any]]
RETURNS = ("result", "arguments")
USABLE_LIBRARY = Text("a shared library that TVM loads and runs", "一个 TVM 能加载并运行的共享库")


class ProgramCall:
    """Calls a learner's Python function on copies of the inputs, so that the judge's own stay as they are."""

    def __init__(self, function: Callable[..., Any]):
        self._function = function

    def __call__(
        self,
        *inputs: Any,
        out: Any = None,
        returns: str = "result",
        entry: str | None = None,
        scalars_only: bool = False,
    ) -> Any:
        check_program_options(out, returns, entry)
        arguments = tuple(input_copy(x, place=f"input {i}") for i, x in enumerate(inputs))
        try:
            result = run(text_of(self._function), arguments) if scalars_only else self._function(*arguments)
        except (Exception, SystemExit) as error:
            raise failure_of(error) from error
        return plain_result(arguments if returns == "arguments" else result)

    def module(
        self, mod: Any, *inputs: Any, out: Any = None, entry: str = "main", libraries: Libraries | None = None
    ) -> Any:
        with registered(libraries or {}):
            return ModuleCall(mod, entry)(*inputs, out=out)

    def library(self, file: np.ndarray, *inputs: Any, entry: str = "main") -> Any:
        try:
            return LoadedLibrary(file).run(entry, inputs)
        except Exception as error:
            raise failure_of(error, expected=USABLE_LIBRARY) from error


class ModuleCall:
    """Calls a function of the learner's module, compiled for this CPU once."""

    def __init__(self, module: Any, entry: str):
        self._module, self._entry = module, entry
        self._executable: Any = None

    def __call__(
        self,
        *inputs: Any,
        out: Any = None,
        returns: str = "result",
        entry: str | None = None,
        scalars_only: bool = False,
    ) -> Any:
        check_module_options(returns, scalars_only)
        entry = entry or self._entry
        require_entry(self._module, entry)
        try:
            self._executable = self._executable or build(self._module)
            return run_entry(self._module, self._executable, entry, inputs, out)
        except Exception as error:
            expected = Text("a module that compiles and runs", "一个能编译并运行的模块")
            raise failure_of(error, expected=expected) from error

    def module(self, mod: Any, *inputs: Any, out: Any = None, entry: str = "main") -> Any:
        return ModuleCall(mod, entry)(*inputs, out=out)


class LoadedLibrary:
    """A shared library that TVM exported from a module with Relax functions.

    Args:
        file: its bytes, a one-dimensional array of uint8.
    """

    def __init__(self, file: np.ndarray):
        import tvm
        from tvm import relax

        if file.dtype != np.uint8 or file.ndim != 1:
            raise ValueError(f"file: got {file.dtype} {file.shape}, allowed the bytes of a file as uint8 (n,)")
        with tempfile.TemporaryDirectory(prefix="mlc-library-") as folder:
            path = Path(folder) / "library.so"
            path.write_bytes(file.tobytes())
            self._machine = relax.VirtualMachine(tvm.runtime.load_module(str(path)), tvm.cpu())

    def run(self, entry: str, inputs: Sequence[Any]) -> Any:
        """What the function ``entry`` gives for arrays."""
        return _arrays(self._machine[entry](*_tensors(inputs)))


@contextmanager
def registered(libraries: Libraries) -> Iterator[None]:
    """Let TVM find functions under these names, and afterwards what it found before, if anything."""
    import tvm
    from tvm_ffi.registry import remove_global_func

    before = {name: tvm.get_global_func(name, allow_missing=True) for name in libraries}
    for name, function in libraries.items():
        tvm.register_global_func(name, function, override=True)
    try:
        yield
    finally:
        for name, function in before.items():
            remove_global_func(name)
            if function is not None:
                tvm.register_global_func(name, function)


def run_entry(module: Any, executable: Any, entry: str, inputs: Sequence[Any], out: Outputs | None) -> Any:
    """Run one function of a compiled module on arrays.

    Args:
        out: ``(shape, dtype)`` of outputs passed after the inputs; ``None`` for a Relax function, whose
            result is returned.

    Raises:
        CheckFailure: a tensor program that would read or write outside its buffers (it does not run), or did.
    """
    import tvm
    from tvm import relax

    from mlc_ref.checks.bounds import accesses_in_bounds
    from mlc_ref.guards import check_guards, guarded, outputs_of, tensors

    if out is None or isinstance(module[entry], relax.Function):
        if out is not None:
            raise ValueError(f"out: {entry} is a Relax function, its result is returned; leave out away")
        held = guarded(inputs)
        result = _arrays(relax.VirtualMachine(executable, tvm.cpu())[entry](*tensors(held)))
        check_guards(held)
        return result
    given = [x.shape if isinstance(x, np.ndarray) else x for x in inputs]
    accesses_in_bounds(module[entry], [*given, *(tuple(shape) for shape, _dtype in out)])
    arrays = outputs_of(executable[entry], inputs, [unwritten(tuple(shape), dtype) for shape, dtype in out])
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def require_entry(module: Any, entry: str) -> None:
    """The module has a function called ``entry``.

    Raises:
        CheckFailure: naming the functions it has.
    """
    names = [var.name_hint for var in module.get_global_vars()]
    if entry not in names:
        found = ", ".join(names) or Text("no function", "没有函数")
        raise CheckFailure(expected=Text(f"a function named {entry}", f"名为 {entry} 的函数"), found=found)


def check_program_options(out: Any, returns: str, entry: str | None) -> None:
    """Refuse options of ``call`` that mean nothing for a Python function."""
    if out is not None or entry is not None:
        raise ValueError("call: out and entry are for modules; a program returns its result")
    if returns not in RETURNS:
        raise ValueError(f"returns: got {returns!r}, allowed {', '.join(RETURNS)}")


def check_module_options(returns: str, scalars_only: bool) -> None:
    """Refuse options of ``call`` that mean nothing for a module."""
    if returns != "result" or scalars_only:
        raise ValueError("call: returns and scalars_only are for programs")


def plain_result(value: Any) -> Any:
    """What a program returned, as plain data.

    Raises:
        CheckFailure: it returned something else.
    """
    try:
        return plain_copy(value, place="result")
    except NotPlain as error:
        plain = Text(
            "arrays, numbers, text, modules, or lists and dicts of them",
            "数组、数字、文本、模块，或由它们组成的列表与字典",
        )
        raise CheckFailure(expected=plain, found=error.text, hint=_conversion(str(error))) from error


def _conversion(found: str) -> Text | None:
    """What to do with a value that is nearly plain."""
    if "got Tensor" in found:
        return Text("A TVM tensor becomes an array by its method numpy().", "TVM 张量用方法 numpy() 变成数组。")
    if "got Schedule" in found:
        return MODULE_OF_SCHEDULE
    if "got bytes" in found:
        return Text(
            'np.frombuffer(data, "uint8") makes an array of bytes.', 'np.frombuffer(data, "uint8") 把字节变成数组。'
        )
    return None


def _tensors(inputs: Sequence[Any]) -> list[Any]:
    import tvm

    return [tvm.runtime.tensor(np.ascontiguousarray(x)) if isinstance(x, np.ndarray) else x for x in inputs]


def _arrays(value: Any) -> Any:
    if hasattr(value, "numpy"):
        return value.numpy()
    if isinstance(value, int | float | bool | str) or value is None:
        return value
    return tuple(_arrays(v) for v in value)
