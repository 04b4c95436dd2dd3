"""Check that two TensorIR functions compute the same, by running both on random inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tvm
from tvm import IRModule, tirx

from mlc_ref.checks.bounds import accesses_in_bounds
from mlc_ref.checks.calls import external_calls
from mlc_ref.checks.failure import CheckFailure, judging, require
from mlc_ref.checks.index_math import evaluate
from mlc_ref.checks.sites import Subject, function, listing, nodes
from mlc_ref.checks.values import arrays_match
from mlc_ref.guards import Guarded, check_guards, guarded, outputs_of, tensors
from mlc_ref.harness import unwritten
from mlc_ref.language import Text
from mlc_ref.targets import cpu_target


def written_parameters(func: tirx.PrimFunc) -> list[int]:
    """Positions of the parameters a function stores into: its outputs."""
    stored = [store.buffer for store in nodes(func.body, tirx.BufferStore)]
    return [i for i, p in enumerate(func.params) if any(p.same_as(buffer) for buffer in stored)]


@judging
def same_signature(subject: Subject, reference: Subject, *, entry: str = "main", hint: Text | None = None) -> None:
    """Both functions take buffers of the same shapes and dtypes in the same order.

    Symbolic sizes agree when they are the same expressions of the same variables, whatever their names.

    Raises:
        CheckFailure: they do not; both signatures are shown.
    """
    found, expected = (_signature(function(each, entry)) for each in (subject, reference))
    require(found == expected, expected=listing(expected), found=listing(found), where=entry, hint=hint)


def _signature(func: tirx.PrimFunc) -> list[str]:
    names: dict[str, str] = {}
    shown = []
    for parameter in func.params:
        if not tirx.is_buffer_var(parameter):
            shown.append(str(parameter.ty))
            continue
        for variable in nodes(list(parameter.shape), tirx.Var):
            names.setdefault(str(variable.name), f"n{len(names)}")
        sizes = [_renamed(size, names) for size in parameter.shape]
        shown.append(f"{parameter.dtype}[{', '.join(sizes)}]")
    return shown


def _renamed(size: object, names: Mapping[str, str]) -> str:
    if isinstance(size, tirx.Var):
        return names[str(size.name)]
    if isinstance(size, tirx.IntImm):
        return str(size.value)
    text = str(size)
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def random_array(rng: np.random.Generator, shape: Sequence[int], dtype: str) -> np.ndarray:
    """Values a test can tell apart: uniform in [-1, 1) for floats, in [-8, 8) or [0, 8) for integers."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return rng.uniform(-1, 1, tuple(shape)).astype(kind)
    if kind.kind == "b":
        return rng.integers(0, 2, tuple(shape)).astype(kind)
    return rng.integers(0 if kind.kind == "u" else -8, 8, tuple(shape)).astype(kind)


@judging
def equivalent(
    subject: Subject,
    reference: Subject,
    *,
    sizes: Sequence[Mapping[str, int]] = ({},),
    seed: int = 0,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """Both functions write the same values on random inputs, inputs left unchanged.

    Outputs start as NaN, so an element that is never written is noticed; beside each argument there is NaN,
    so that it does not depend on chance what a read outside gives. A function that calls out of the module is
    refused, since an unknown external symbol would end the process.

    Args:
        sizes: one run for each mapping of the reference's symbolic sizes, by name, to numbers.
        seed: of the inputs.
        rtol, atol: see ``arrays_match``.

    Raises:
        CheckFailure: other signature, external calls, no build, an index outside of a buffer, or other values
            (first one shown).
    """
    same_signature(subject, reference, entry=entry, hint=hint)
    functions = [function(each, entry) for each in (subject, reference)]
    calls = external_calls(functions[0])
    require(
        not calls,
        expected=Text("no call of an external function", "不调用外部函数"),
        found=listing(calls),
        where=entry,
        hint=hint,
    )
    outputs = written_parameters(functions[1])
    found, expected = (_build(func) for func in functions)
    for size in sizes:
        arguments = _arguments(functions[1], outputs, size, np.random.default_rng(seed))
        shapes = [each.shape if isinstance(each, np.ndarray) else each for each in arguments]
        accesses_in_bounds(functions[0], shapes)
        inputs = [array for n, array in enumerate(arguments) if n not in outputs]
        fresh = [array for n, array in enumerate(arguments) if n in outputs]
        in_order = lambda *given: found["main"](*_placed(given, outputs))  # noqa: E731
        outputs_of(in_order, inputs, fresh)
        results = [_run(executable, arguments) for executable in (found, expected)]
        for position, (ours, theirs) in enumerate(zip(*results, strict=True)):
            where = _parameter(functions[1], position, size)
            arrays_match(ours, theirs, rtol=rtol, atol=atol, where=where, hint=hint)


def _build(func: tirx.PrimFunc) -> tvm.runtime.Executable:
    try:
        return tvm.compile(IRModule({"main": func.with_attr("global_symbol", "main")}), target=cpu_target())
    except Exception as error:
        raise CheckFailure(
            expected=Text("a function that compiles", "能够编译的函数"),
            found=Text.english(str(error).strip().splitlines()[-1]),
        ) from error


def _arguments(
    func: tirx.PrimFunc, outputs: list[int], sizes: Mapping[str, int], rng: np.random.Generator
) -> list[Any]:
    """An array for each buffer; for a scalar the size of its name, or a random number."""
    arrays: list[Any] = []
    for position, parameter in enumerate(func.params):
        if not tirx.is_buffer_var(parameter):
            number = random_array(rng, (), str(parameter.ty.dtype)).item()
            arrays.append(sizes.get(str(parameter.name), number))
            continue
        variables = {v: sizes[str(v.name)] for v in nodes(list(parameter.shape), tirx.Var)}
        shape = tuple(int(evaluate(size, variables)) for size in parameter.shape)
        make = unwritten(shape, str(parameter.dtype)) if position in outputs else None
        arrays.append(random_array(rng, shape, str(parameter.dtype)) if make is None else make)
    return arrays


def _placed(given: Sequence, outputs: list[int]) -> list:
    """Inputs followed by outputs, in the order of the parameters."""
    rest, last = list(given[: len(given) - len(outputs)]), list(given[len(given) - len(outputs) :])
    return [last.pop(0) if n in outputs else rest.pop(0) for n in range(len(given))]


def _run(executable: tvm.runtime.Executable, arguments: list[Any]) -> list[np.ndarray]:
    held = guarded(arguments)
    executable["main"](*tensors(held))
    check_guards(held)
    return [each.values if isinstance(each, Guarded) else np.asarray(each) for each in held]


def _parameter(func: tirx.PrimFunc, position: int, sizes: Mapping[str, int]) -> Text:
    name = func.params[position].name
    at = ", ".join(f"{k}={v}" for k, v in sizes.items())
    return Text(f"argument {name}" + (f" ({at})" if at else ""), f"参数 {name}" + (f"（{at}）" if at else ""))
