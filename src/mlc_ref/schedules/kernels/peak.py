"""The most multiply-adds a second that compiled code reaches on this machine."""

from tvm.s_tir import Schedule

from mlc_ref.schedules.kernels import programs
from mlc_ref.schedules.tiles import vector_lanes
from mlc_ref.targets import CpuFeatures, cpu_features

CHAINS = 12  # independent sums: more than the latency of a multiply-add times the units that do them


def peak_loop(tasks: int, steps: int, features: CpuFeatures | None = None, *, chains: int = CHAINS) -> Schedule:
    """Multiply-adds on ``chains`` registers, one task a thread; no memory is touched on the way.

    Before::

        for t, s, j: Y[t, j] = Y[t, j] * X[0] + X[1]

    After::

        for t in parallel:
            acc[chains, lanes] = 1
            for s:
                for c in unrolled(chains): for l in vectorized(lanes): acc[c, l] = acc[c, l] * X[0] + X[1]
            Y[t, …] = acc
    """
    lanes = vector_lanes(features or cpu_features())
    sch = Schedule(programs.multiply_adds(tasks, steps, chains * lanes))
    out = sch.cache_write("Y", 0, "local")
    t, j = sch.get_loops(out)
    sch.parallel(t)
    sch.compute_at("Y", t, preserve_unit_loops=True)
    s, j = sch.get_loops("Y")[-2:]
    chain, lane = sch.split(j, [None, lanes])
    sch.reorder(s, chain, lane)
    sch.unroll(chain)
    sch.vectorize(lane)
    zero = sch.decompose_reduction("Y", s)
    sch.unroll(sch.get_loops(zero)[-2])
    for block in (out,):
        chain, lane = sch.split(sch.get_loops(block)[-1], [None, lanes])
        sch.unroll(chain)
        sch.vectorize(lane)
    return sch


def flops(tasks: int, steps: int, features: CpuFeatures | None = None, *, chains: int = CHAINS) -> int:
    """Floating-point operations of one run of ``peak_loop``."""
    return 2 * tasks * steps * chains * vector_lanes(features or cpu_features())
