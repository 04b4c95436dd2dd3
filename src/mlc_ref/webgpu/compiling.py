"""Kernels of one scheduled function as an artefact, with a reference from the GPU simulator."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.gpu_sim import Options, simulate
from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text
from mlc_ref.webgpu import limits
from mlc_ref.webgpu.artefact import Artefact, Kernel, Launch, Role, Tensor
from mlc_ref.webgpu.limits import webgpu_target
from mlc_ref.webgpu.lowering import Call, lower
from mlc_ref.webgpu.reference import Given, Reference, expect, recipe
from mlc_ref.webgpu.refusals import kernel, listed, unsupported

if TYPE_CHECKING:
    import tvm
    from tvm.s_tir import Schedule

TOLERANCE = 1e-4  # for sums of some hundred float32 products of numbers of size 1


@takes("IRModule", "Schedule")
def compile_kernels(
    mod: "tvm.IRModule | Schedule",
    name: str,
    *,
    entry: str = "main",
    features: Sequence[str] = (),
    ranges: Mapping[str, tuple[int, int]] | None = None,
) -> Artefact:
    """WGSL for a scheduled function, and all that is needed to run it.

    Args:
        mod: a module, or a schedule of one, whose loops are bound to blocks and threads.
        name: what a reader sees.
        entry: the function; the parameters some kernel writes are its outputs.
        features: optional features of WebGPU that the program may use, of ``limits.FEATURES``.
        ranges: least and greatest value of integer inputs, by name. An input that numbers rows, as in a gather, has those that
            the shapes allow; where they do not say it, and for int64, it is stated here.

    Raises:
        Unsupported: the program needs what WebGPU, or a feature that is not given, does not have, or an index may be out of
            bounds.
    """
    lowered = lower(getattr(mod, "mod", mod), entry, ranges)
    written = lowered.written()

    def role(buffer: int) -> Role:
        return "temporary" if buffer >= lowered.parameters else "output" if buffer in written else "input"

    def span(buffer: int) -> tuple[int, int] | None:
        return lowered.ranges.get(buffer) if role(buffer) == "input" else None

    tensors = tuple(Tensor(b.name, b.shape, b.dtype, role(i), i, span(i)) for i, b in enumerate(lowered.buffers))
    storages = tuple((tensor.bytes + 3) // 4 * 4 for tensor in tensors)  # WebGPU copies whole words
    kernels, launches = numbered(lowered.calls, [list(range(len(tensors)))] * len(lowered.calls))
    return Artefact(name, storages, tensors, kernels, launches, needed_features(kernels, features))


def numbered(calls: Sequence[Call], tensors: Sequence[Sequence[int]]) -> tuple[tuple[Kernel, ...], tuple[Launch, ...]]:
    """Each kernel once, and launches that name kernels and tensors by number.

    Args:
        tensors: for each call, the tensor of each buffer of its function.
    """
    kernels: list[Kernel] = []
    launches = []
    for call, names in zip(calls, tensors, strict=True):
        if call.kernel not in kernels:
            kernels.append(call.kernel)
        bound = tuple(names[buffer] for buffer in call.buffers)
        launches.append(Launch(kernels.index(call.kernel), call.grid, bound, call.uniform))
    return tuple(kernels), tuple(launches)


def needed_features(kernels: Sequence[Kernel], allowed: Sequence[str]) -> tuple[str, ...]:
    """The optional features the WGSL asks for.

    Raises:
        Unsupported: one that is not allowed.
    """
    needed = ("shader-f16",) if any("enable f16;" in kernel.wgsl for kernel in kernels) else ()
    if missing := [feature for feature in needed if feature not in allowed]:
        got = Text(
            "float16, which needs the feature {feature} that not every device has",
            "float16，它需要特性 {feature}，并非每台设备都有",
        )
        then = Text(
            "cast in the program, or call with features=({feature!r},)",
            "请在程序中转换类型，或传入 features=({feature!r},)",
        )
        raise unsupported(
            kernel(kernels[0].name),
            got.format(feature=missing[0]),
            listed([dtype for dtype in limits.ELEMENT_BYTES if dtype != "float16"]),
            then.format(feature=missing[0]),
        )
    return needed


def inputs_of(artefact: Artefact, seed: int = 1) -> tuple[tuple[Given, ...], list[np.ndarray]]:
    """Recipes for all inputs, and the arrays they make; the second input has the next seed, and so on."""
    numbers = artefact.with_role("input")
    given = tuple(Given(number, seed + i) for i, number in enumerate(numbers))
    tensors = [artefact.tensors[number] for number in numbers]
    return given, [recipe(t.shape, t.dtype, g.seed, t.range) for t, g in zip(tensors, given, strict=True)]


def with_reference(artefact: Artefact, outputs: Sequence[np.ndarray], *, tolerance: float = TOLERANCE) -> Artefact:
    """The artefact with the results its recipe inputs must give.

    Args:
        outputs: in the order of its output tensors, computed from ``inputs_of(artefact)``.
        tolerance: how far an element may lie off.
    """
    given, _ = inputs_of(artefact)
    numbers = artefact.with_role("output")
    expected = tuple(expect(n, values, tolerance) for n, values in zip(numbers, outputs, strict=True))
    return replace(artefact, reference=Reference(given, expected))


def made_by(artefact: Artefact) -> list[tuple[tuple[int, ...], str]]:
    """Shape and dtype of each output, as ``simulate`` asks for them."""
    return [(artefact.tensors[i].shape, artefact.tensors[i].dtype) for i in artefact.with_role("output")]


@takes("IRModule")
def simulated(mod: "tvm.IRModule", artefact: Artefact, entry: str = "main", options: Options | None = None) -> list:
    """What the GPU simulator computes from the recipe inputs, lowered as the WGSL is.

    Raises:
        SimulationError: the kernel is wrong; the message says where.
        ValueError: the outputs are not the last parameters.
    """
    import tvm

    from mlc_ref.webgpu.byte_arithmetic import wrapping

    _, arrays = inputs_of(artefact)
    mod = tvm.IRModule({entry: wrapping(mod[entry])})
    return simulate(mod, arrays, made_by(artefact), target=webgpu_target(), entry=entry, options=options).outputs


@takes("Schedule", "IRModule")
def export_webgpu(
    sch: "Schedule | tvm.IRModule",
    path: str | Path,
    *,
    entry: str = "main",
    ranges: Mapping[str, tuple[int, int]] | None = None,
) -> Path:
    """Write a schedule's kernels to a file that the course's page runs on your own GPU.

    The simulator runs the kernels first: the file holds what it computed, and the page compares.

    Args:
        sch: a schedule whose loops are bound to blocks and threads, or its module.
        path: the file; its name ends in ``.json``.
        ranges: as for ``compile_kernels``.

    Raises:
        ValueError: another ending.
        Unsupported: the program needs what WebGPU does not have, such as more than 256 threads a block.
        SimulationError: the kernel is wrong.
    """
    path = Path(path)
    if path.suffix != ".json":
        allowed = Text("a name that ends in '.json'", "以 '.json' 结尾的文件名")
        raise ValueError(refused("path", repr(path.name), allowed, Text("choose another name", "请换一个文件名")))
    artefact = compile_kernels(sch, path.stem, entry=entry, ranges=ranges)
    artefact = with_reference(artefact, simulated(getattr(sch, "mod", sch), artefact, entry))
    path.write_text(artefact.to_json(), "utf-8")
    return path
