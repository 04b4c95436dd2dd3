"""What would end the whole process where TVM compiles and runs a module, found before: a notebook would lose its kernel."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    import tvm


_MISSING = Text(
    "found no function {names}; load its library before tvm.compile, or attach its text",
    "找不到函数 {names}；请在 tvm.compile 之前加载它的库，或者把它的代码附在程序里",
)


class UnresolvedSymbolError(RuntimeError):
    """A program would call a function that no loaded library has."""


def require_loaded(names: tuple[str, ...]) -> None:
    """Make sure that every function exists in this process before a program calls it.

    Raises:
        UnresolvedSymbolError: naming those that no loaded library has.
    """
    process = ctypes.CDLL(None)
    if missing := [name for name in names if not hasattr(process, name)]:
        raise UnresolvedSymbolError(for_print(_MISSING.format(names=", ".join(missing))))


@takes("IRModule")
def require_external_functions(mod: "tvm.IRModule") -> None:
    """Refuse a module whose tensor programs call functions by name (``call_extern``) that are nowhere.

    A function may be in a library that is loaded, in the module, or in text the module carries along
    (``pragma_import_llvm``, ``external_mods``).

    Raises:
        UnresolvedSymbolError: naming the functions.
    """
    carried = mod.attrs is not None and "external_mods" in mod.attrs
    if carried or os.name == "nt":  # Windows has no handle for all loaded libraries.
        return
    own = {str(function.attrs["global_symbol"]) for function in mod.functions.values() if _is_visible(function)}
    names = _external_names(mod) - own - {var.name_hint for var, _ in mod.functions_items()}
    if names:
        text = mod.script(show_meta=True)
        require_loaded(tuple(sorted(name for name in names if f"@{name}(" not in text)))


def _is_visible(function: object) -> bool:
    attrs = getattr(function, "attrs", None)
    return attrs is not None and "global_symbol" in attrs


def _external_names(mod: "tvm.IRModule") -> set[str]:
    """Names in ``call_extern`` and ``call_pure_extern`` of the tensor programs."""
    import tvm_ffi
    from tvm import ir, tirx

    found: set[str] = set()

    def note(call: "ir.Call") -> None:
        if getattr(call.op, "name", "") in ("tirx.call_extern", "tirx.call_pure_extern") and call.args:
            found.add(str(getattr(call.args[0], "value", "")))

    for _, function in mod.functions_items():
        if isinstance(function, tirx.PrimFunc):
            tvm_ffi.structural_walk(function.body, (ir.Call, note), order="pre")
    return found - {""}


@takes("IRModule")
@contextmanager
def memory_planned_safely(mod: "tvm.IRModule") -> Iterator[None]:
    """Compile without shared storage where a function has branches.

    TVM 0.27 lets a value after an ``If`` reuse storage that one branch alone allocates; where the other
    branch is taken, the program reads a null pointer.
    """
    from tvm.ir.transform import PassContext

    if not has_branches(mod):
        yield
        return
    outside = PassContext.current()
    off = [*outside.disabled_pass, "StaticPlanBlockMemory"]
    options = {"opt_level": outside.opt_level, "config": dict(outside.config)}
    with PassContext(
        required_pass=outside.required_pass, instruments=outside.instruments, disabled_pass=off, **options
    ):
        yield


@takes("IRModule")
def has_branches(mod: "tvm.IRModule") -> bool:
    """Whether a Relax function of a module holds an ``If``."""
    from tvm import relax

    found: list[bool] = []

    def look(value: object) -> None:
        found.append(isinstance(value, relax.If))

    for _, function in mod.functions_items():
        if isinstance(function, relax.Function):
            relax.analysis.post_order_visit(function, look)
    return any(found)
