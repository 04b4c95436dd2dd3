"""Two ways to run the tensor program: vectors on a CPU, blocks of threads on a GPU."""

import tvm
from tvm.s_tir import Schedule


def for_cpu(mod: tvm.IRModule) -> Schedule:
    """Compute a row of ten scores together, as one vector, and finish it before the next row.

    Before::

        for i, j, k: z[i, j] += x[i, k] * w[k, j]
        for i, j:    y[i, j] = max(z[i, j] + b[j], 0)

    After::

        for i:
            for j in vectorized(10): z[i, j] = 0
            for k:
                for j in vectorized(10): z[i, j] += x[i, k] * w[k, j]
            for j in vectorized(10): y[i, j] = max(z[i, j] + b[j], 0)

    Args:
        mod: a module with the function ``linear_relu`` and its blocks ``linear`` and ``bias_relu``.

    Raises:
        tvm.s_tir.ScheduleError: the function or a block is missing.
    """
    sch, linear, finish = _start(mod)
    i, j, k = sch.get_loops(linear)
    sch.reorder(k, j)
    sch.reverse_compute_at(finish, i)
    sch.vectorize(j)
    sch.vectorize(sch.get_loops(finish)[-1])
    sch.decompose_reduction(linear, k)
    return sch


def for_gpu(mod: tvm.IRModule) -> Schedule:
    """Give each image a block of ten threads; each thread computes one score in a register.

    Before::

        for i, j, k: z[i, j] += x[i, k] * w[k, j]
        for i, j:    y[i, j] = max(z[i, j] + b[j], 0)

    After::

        for i in blockIdx.x, j in threadIdx.x:
            for k: z_local[i, j] += x[i, k] * w[k, j]
            y[i, j] = max(z_local[i, j] + b[j], 0)

    Args, Raises: as ``for_cpu``.
    """
    sch, linear, finish = _start(mod)
    i, j = sch.get_loops(finish)
    sch.bind(i, "blockIdx.x")
    sch.bind(j, "threadIdx.x")
    sch.compute_at(linear, j)
    sch.set_scope(linear, 0, "local")
    return sch


def _start(mod: tvm.IRModule) -> tuple[Schedule, object, object]:
    sch = Schedule(mod)
    sch.work_on("linear_relu")
    return sch, sch.get_sblock("linear"), sch.get_sblock("bias_relu")
