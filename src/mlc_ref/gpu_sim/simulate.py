"""Run a scheduled module without a GPU."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.gpu_sim.launch import Host, Kernel, Storage, global_memories, passes
from mlc_ref.gpu_sim.lowering import lower_for_gpu
from mlc_ref.gpu_sim.machine import Machine
from mlc_ref.gpu_sim.options import Options
from mlc_ref.gpu_sim.races import GridChecker
from mlc_ref.gpu_sim.result import AccessSample, KernelResult, Result, StatementResult
from mlc_ref.gpu_sim.rows import Row

if TYPE_CHECKING:
    import tvm

Shape = tuple[int, ...]
STEPS_PER_PASS = 100  # what starting a pass costs, in statements, so that a huge empty grid ends too


def simulate(
    mod: "tvm.IRModule", inputs: Sequence[Any], outputs: Sequence[tuple[Shape, str]], *,
    target: "tvm.target.Target | None" = None, options: Options | None = None, entry: str = "main",
) -> Result:  # fmt: skip
    """Execute every kernel of a function and count what the hardware would do.

    Args:
        mod: a module with a scheduled TensorIR function.
        inputs: arrays and integers for the parameters that are not outputs, in order.
        outputs: ``(shape, dtype)`` of the last buffer parameters; the function writes them.
        target: a CUDA target; default ``cuda_target()``.
        options: what is checked, and limits; default: everything is.
        entry: the function's name.

    Raises:
        SimulationError: the kernel is wrong, endless or uses something unsupported.
        ValueError: arguments that do not fit the function.
    """
    options = options or Options()
    if entry not in [variable.name_hint for variable in mod.get_global_vars()]:
        raise ValueError(f"entry: got {entry!r}, the module has {[v.name_hint for v in mod.get_global_vars()]}")
    lowered = lower_for_gpu(mod, target, insert_barriers=options.insert_barriers)
    func = lowered[entry]
    arguments = _arguments(func, inputs, outputs)
    arrays = [a for a in arguments if isinstance(a, Storage)]
    host = Host(func, arguments, options)
    steps = 0
    results = []
    with np.errstate(all="ignore"):
        for kernel in host.kernels:
            result, steps = _run_kernel(kernel, host, options, steps)
            results.append(result)
    written = arrays[len(arrays) - len(outputs) :]
    finished = [s.data.reshape(shape) for s, (shape, _) in zip(written, outputs, strict=True)]
    return Result(finished, results)


def _arguments(func: Any, inputs: Sequence[Any], outputs: Sequence[tuple[Shape, str]]) -> list[Any]:
    """Storage for each buffer parameter and the number for each scalar."""
    buffers = [p for p in func.params if hasattr(p.ty, "shape")]
    fresh = set(buffers[len(buffers) - len(outputs) :])
    given, made = list(inputs), list(outputs)
    expected = len(func.params) - len(fresh)
    if len(given) != expected or len(fresh) != len(made):
        raise ValueError(f"inputs: got {len(given)}, the function takes {expected} besides {len(made)} outputs")
    arguments: list[Any] = []
    for parameter in func.params:
        if parameter in fresh:
            shape, dtype = made.pop(0)
            array = np.zeros(shape, dtype)
            arguments.append(Storage(parameter.name, array, np.zeros(array.size, bool)))
        elif hasattr(parameter.ty, "shape"):
            arguments.append(Storage(parameter.name, np.array(given.pop(0), order="C"), None))
        else:
            arguments.append(int(given.pop(0)))
    return arguments


def _run_kernel(kernel: Kernel, host: Host, options: Options, steps: int) -> tuple[KernelResult, int]:
    from mlc_ref.gpu_sim.expressions import Expressions
    from mlc_ref.gpu_sim.statements import Statements

    grid = GridChecker()
    totals: list[Counters] = []
    rows: list[Row] = []
    samples: dict[Row, list[AccessSample]] = {}
    sizes = Counters()
    for lanes in passes(kernel, host, options):
        machine = Machine(kernel.name, lanes, options, steps + STEPS_PER_PASS)
        machine.memories.update(global_memories(host, lanes))
        run = Statements(machine, Expressions(machine, dict(host.scope))).compile(kernel.body)
        run()
        machine.finish()
        x, y, _ = kernel.grid
        z0, y0, x0 = lanes.first_block
        grid.add(machine.grid_log, (z0 * y + y0) * x + x0)
        steps = machine.steps
        sizes = machine.sizes()
        counted = machine.counters_by_row()
        totals = [old + new for old, new in zip(totals or [Counters()] * len(counted), counted.values(), strict=True)]
        if not rows:
            rows, samples = list(counted), machine.samples_by_row()
    statements = tuple(
        StatementResult(row.statement, total, tuple(samples[row])) for row, total in zip(rows, totals, strict=True)
    )
    total = sum((s.counters for s in statements), sizes)
    return KernelResult(kernel.name, kernel.grid, kernel.block, total, statements), steps
