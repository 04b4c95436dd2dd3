"""Run a scheduled module without a GPU."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim.arguments import Output, Storage, arguments
from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.gpu_sim.launch import Host, Kernel, global_memories, passes
from mlc_ref.gpu_sim.lowering import lower_for_gpu
from mlc_ref.gpu_sim.machine import Machine
from mlc_ref.gpu_sim.options import Options
from mlc_ref.gpu_sim.races import GridChecker
from mlc_ref.gpu_sim.result import AccessSample, KernelResult, Result, StatementResult
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.kinds import invalid, takes

if TYPE_CHECKING:
    import tvm

STEPS_PER_PASS = 100  # what starting a pass costs, in statements, so that a huge empty grid ends too


@takes("IRModule")
def simulate(
    mod: "tvm.IRModule", inputs: Sequence[Any], outputs: Sequence[Output], *,
    target: "tvm.target.Target | None" = None, options: Options | None = None, entry: str = "main",
) -> Result:  # fmt: skip
    """Execute every kernel of a function and count what the hardware would do.

    Args:
        mod: a module with a scheduled TensorIR function.
        inputs: arrays and numbers for the parameters that are not outputs, in order. A buffer whose elements are
            vectors takes an array with one axis more, the vector's.
        outputs: of the last buffer parameters; the function writes them. ``(shape, dtype)`` for one that holds
            nothing at first, an array for one that is read and written (``C += A @ B``, a scatter).
        target: a CUDA target; default ``cuda_target()``.
        options: what is checked, and limits; default: everything is.
        entry: the function's name.

    Raises:
        SimulationError: the kernel is wrong, endless or uses something unsupported.
        ValueError: arguments that do not fit the function.
    """
    options = options or Options()
    if entry not in (names := [variable.name_hint for variable in mod.get_global_vars()]):
        raise invalid(f"entry: got {entry!r}, the module has {names}", f"entry：得到 {entry!r}，模块中有 {names}")
    lowered = lower_for_gpu(mod, target, insert_barriers=options.insert_barriers)
    func = lowered[entry]
    given = arguments(func, inputs, outputs)
    arrays = [a for a in given if isinstance(a, Storage)]
    shapes = [a.data.shape for a in arrays]
    host = Host(func, given, options)
    steps = 0
    results = []
    with np.errstate(all="ignore"):
        for kernel in host.kernels:
            result, steps = _run_kernel(kernel, host, options, steps)
            results.append(result)
    finished = [a.data.reshape(shape) for a, shape in zip(arrays, shapes, strict=True)]
    first = len(arrays) - len(outputs)
    return Result(finished[first:], results, finished[:first])


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
        run = Statements(machine, Expressions(machine, dict(kernel.scope))).compile(kernel.body)
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
