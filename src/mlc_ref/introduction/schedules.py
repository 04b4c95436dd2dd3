"""Two ways to run the tensor program: vectors on a CPU, blocks of threads on a GPU."""

from dataclasses import dataclass

import tvm
from tvm.s_tir import Schedule

from mlc_ref.kinds import takes


@dataclass(frozen=True)
class Names:
    """What the pieces of relu(x @ w + b) are called in a module.

    Attributes:
        function: the tensor program.
        linear: its block that sums the products; its loops are rows, columns, then the sum's.
        finish: its block that adds the bias and takes the maximum.
    """

    function: str = "linear_relu"
    linear: str = "linear"
    finish: str = "bias_relu"


@takes("IRModule")
def for_cpu(mod: tvm.IRModule, names: Names = Names()) -> Schedule:
    """Compute a row of ten scores together, as one vector, and finish it before the next row.

    Before::

        for i, j, k: h[i, j] += x[i, k] * w[k, j]
        for i, j:    y[i, j] = max(h[i, j] + b[j], 0)

    After::

        for i:
            for j in vectorized(10): h[i, j] = 0
            for k:
                for j in vectorized(10): h[i, j] += x[i, k] * w[k, j]
            for j in vectorized(10): y[i, j] = max(h[i, j] + b[j], 0)

    Args:
        mod: a module with the tensor program and the two blocks that ``names`` names.
        names: what they are called there; by default as in ``programs.LinearReluProgram``.

    Raises:
        tvm.s_tir.ScheduleError: the function or a block is missing.
    """
    sch = Schedule(mod)
    sch.work_on(names.function)
    linear, finish = sch.get_sblock(names.linear), sch.get_sblock(names.finish)
    i, j, k = sch.get_loops(linear)
    sch.reorder(k, j)
    sch.reverse_compute_at(finish, i)
    sch.vectorize(j)
    sch.vectorize(sch.get_loops(finish)[-1])
    sch.decompose_reduction(linear, k)
    return sch


@takes("IRModule")
def for_gpu(mod: tvm.IRModule) -> Schedule:
    """Give each image a block of ten threads; each thread computes one score in a register.

    Before::

        for i, j, k: h[i, j] += x[i, k] * w[k, j]
        for i, j:    y[i, j] = max(h[i, j] + b[j], 0)

    After::

        for i in blockIdx.x, j in threadIdx.x:
            for k: h_local[i, j] += x[i, k] * w[k, j]
            y[i, j] = max(h_local[i, j] + b[j], 0)

    Args:
        mod: a module with the function ``linear_relu`` and its blocks ``linear`` and ``bias_relu``.

    Raises:
        tvm.s_tir.ScheduleError: the function or a block is missing.
    """
    sch = Schedule(mod)
    sch.work_on("linear_relu")
    linear, finish = sch.get_sblock("linear"), sch.get_sblock("bias_relu")
    i, j = sch.get_loops(finish)
    sch.bind(i, "blockIdx.x")
    sch.bind(j, "threadIdx.x")
    sch.compute_at(linear, j)
    sch.set_scope(linear, 0, "local")
    return sch
