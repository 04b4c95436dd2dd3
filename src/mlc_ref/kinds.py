"""What an argument of a public function has to be: one line for whoever passes something else.

TVM answers to an object of the wrong kind with an ``AttributeError`` from deep inside, or with hundreds of lines.
Nothing is imported for the question: an object of a kind whose module was never imported cannot be there.
"""

import functools
import inspect
import operator
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from mlc_ref.language import Text, for_print

_P = ParamSpec("_P")
_R = TypeVar("_R")

_KINDS = {
    "IRModule": ("tvm", "IRModule"),
    "PrimFunc": ("tvm.tirx", "PrimFunc"),
    "relax.Function": ("tvm.relax", "Function"),
    "Schedule": ("tvm.s_tir", "Schedule"),
    "Executable": ("tvm.runtime", "Executable"),
    "VirtualMachine": ("tvm.relax", "VirtualMachine"),
    "runtime.Module": ("tvm.runtime", "Module"),
    "ExportedProgram": ("torch.export", "ExportedProgram"),
    "Config": ("mlc_ref.language_models.config", "Config"),
    "Imported": ("mlc_ref.frameworks.importer", "Imported"),
    "Order": ("mlc_ref.cache_model.order", "Order"),
    "Result": ("mlc_ref.gpu_sim.result", "Result"),
    "KernelResult": ("mlc_ref.gpu_sim.result", "KernelResult"),
    "AccessSample": ("mlc_ref.gpu_sim.result", "AccessSample"),
}
# What makes an object of the kind on the right from one of the kind on the left.
_WAYS = {
    ("Schedule", "IRModule"): Text("of a Schedule its .mod", "传入 Schedule 的 .mod"),
    ("IRModule", "Schedule"): Text("Schedule(mod) makes one", "用 Schedule(mod) 得到"),
    ("PrimFunc", "IRModule"): Text('IRModule({"main": function}) makes one', '用 IRModule({"main": function}) 得到'),
    ("IRModule", "PrimFunc"): Text('mod["main"] is one', '传入 mod["main"]'),
    ("IRModule", "relax.Function"): Text('mod["main"] is one', '传入 mod["main"]'),
    ("IRModule", "Executable"): Text("harness.build(mod) makes one", "用 harness.build(mod) 得到"),
    ("IRModule", "Order"): Text("access_order(mod) gives one", "由 access_order(mod) 得到"),
    ("IRModule", "Result"): Text(
        "simulate(mod, …) and execute(mod, …) give one", "由 simulate(mod, …) 或 execute(mod, …) 得到"
    ),
    ("Schedule", "Result"): Text(
        "simulate(sch.mod, …) and execute(sch.mod, …) give one", "由 simulate(sch.mod, …) 或 execute(sch.mod, …) 得到"
    ),
    ("KernelResult", "AccessSample"): Text("its access(buffer, kind) gives one", "由它的 access(buffer, kind) 得到"),
    ("torch module", "ExportedProgram"): Text(
        "export_network(network, shape) makes one", "用 export_network(network, shape) 得到"
    ),
    ("ExportedProgram", "Imported"): Text("import_program(program) makes one", "用 import_program(program) 得到"),
}
_REFUSED = Text("{where}: got {got}, allowed {allowed}", "{where}：得到 {got}，允许的是 {allowed}")


def refusal(where: Text | str, got: object, allowed: object, then: Text | None = None) -> Text:
    """What a function of the course says of what it does not take, in one line.

    Args:
        where: the parameter, or the place in the program.
        got, allowed: a ``Text``, or what reads the same in both languages.
        then: what to do.
    """
    said = _REFUSED.format(where=where, got=got, allowed=allowed)
    return Text(f"{said.en}; {then.en}", f"{said.zh}；{then.zh}") if then else said


def refused(where: Text | str, got: object, allowed: object, then: Text | None = None) -> str:
    """A ``refusal`` in the reader's language."""
    return for_print(refusal(where, got, allowed, then))


def invalid(english: str, chinese: str) -> ValueError:
    """The error for a value that a function of the course cannot use: one sentence, in the reader's language.

    For what is got and what is allowed in few words there is ``refused``.
    """
    return ValueError(for_print(Text(english, chinese)))


def require_kind(name: str, value: object, *kinds: str) -> None:
    """Refuse a value that is none of the kinds.

    Args:
        name: of the parameter.
        kinds: keys such as ``IRModule``, ``Schedule``, ``ExportedProgram``.

    Raises:
        TypeError: one line in the reader's language: what was given, what is allowed, and what makes one of the other.
    """
    if any(_is(value, kind) for kind in kinds):
        return
    named = " or ".join(f"{'an' if kind[0] in 'AEI' else 'a'} {kind}" for kind in kinds)
    own = [kind for kind in _KINDS if _is(value, kind)] + ["torch module"] * _is_network(value)
    ways = [_WAYS[pair] for kind in kinds for pair in ((each, kind) for each in own) if pair in _WAYS]
    raise TypeError(refused(name, type(value).__name__, Text(named, " 或 ".join(kinds)), *ways[:1]))


def takes(*kinds: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decorate a function whose first parameter is an object of one of the kinds; see ``require_kind``."""

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        first = next(iter(inspect.signature(function).parameters))

        @functools.wraps(function)
        def checked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            if args or first in kwargs:  # a missing argument is Python's to report
                require_kind(first, args[0] if args else kwargs[first], *kinds)
            return function(*args, **kwargs)

        return checked

    return decorate


def whole_number(value: object) -> int | None:
    """The value as an ``int`` where it counts something, NumPy's integers too; None for all else, truth values as well."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def _is(value: object, kind: str) -> bool:
    module, name = _KINDS[kind]
    known = getattr(sys.modules.get(module), name, None)
    return isinstance(known, type) and isinstance(value, known)


def _is_network(value: object) -> bool:
    known = getattr(sys.modules.get("torch.nn"), "Module", None)
    return isinstance(known, type) and isinstance(value, known)
