"""One schedule for each primitive, as small as it can be: what it does to a loop nest, and nothing else.

Each function takes a module of ``programs`` and returns a new ``Schedule``. The nests in the docstrings
are for ``scale_add(64)``, ``chain(8, 16)``, ``matmul(8, 16, 32)``, ``matmul_relu(8, 16, 32)`` and
``row_sum(8, 64)``; other sizes only change the extents. All raise ``tvm.s_tir.ScheduleError`` where the
rules of the primitive forbid the step.
"""

import tvm
from tvm.s_tir import Schedule

from mlc_ref.kinds import takes


@takes("IRModule")
def split(mod: tvm.IRModule, inner: int = 16) -> Schedule:
    """Split (strip-mine): one loop becomes two; sizes ``inner`` does not divide get a condition.

    Before::

        for i:64: Y[i] = 2 * X[i] + 1

    After::

        for i0:4, i1:16: Y[i0 * 16 + i1] = 2 * X[i0 * 16 + i1] + 1
    """
    sch = Schedule(mod)
    sch.split(sch.get_loops("Y")[0], [None, inner])
    return sch


@takes("IRModule")
def reorder(mod: tvm.IRModule) -> Schedule:
    """Reorder (interchange): ``k`` goes outside ``j``.

    Before::

        for i:8, j:16, k:32: C[i, j] += A[i, k] * B[k, j]

    After::

        for i:8, k:32, j:16: C[i, j] += A[i, k] * B[k, j]
    """
    sch = Schedule(mod)
    _i, j, k = sch.get_loops("C")
    sch.reorder(k, j)
    return sch


@takes("IRModule")
def fuse(mod: tvm.IRModule) -> Schedule:
    """Fuse (collapse): two loops become one of their joint extent.

    Before::

        for i:8, j:16, k:32: C[i, j] += A[i, k] * B[k, j]

    After::

        for f:128, k:32: C[f // 16, f % 16] += A[f // 16, k] * B[k, f % 16]
    """
    sch = Schedule(mod)
    i, j, _k = sch.get_loops("C")
    sch.fuse(i, j)
    return sch


@takes("IRModule")
def compute_at(mod: tvm.IRModule) -> Schedule:
    """Compute at: a producer moves into its consumer's loops and makes only what is needed there.

    Before::

        for i:8, j:16: P[i, j] = A[i, j] + 1
        for i:8, j:16: E[i, j] = exp(P[i, j])

    After::

        for i:8:
            for j:16: P[i, j] = A[i, j] + 1
            for j:16: E[i, j] = exp(P[i, j])
    """
    sch = Schedule(mod)
    sch.compute_at("P", sch.get_loops("E")[0])
    return sch


@takes("IRModule")
def reverse_compute_at(mod: tvm.IRModule, depth: int = 1) -> Schedule:
    """Reverse compute at: a consumer moves into its producer's loops, here ``depth`` of them deep.

    Before::

        for i:8, j:16, k:32: Y[i, j] += A[i, k] * B[k, j]
        for i:8, j:16: C[i, j] = max(Y[i, j], 0)

    After (``depth=1``)::

        for i:8:
            for j:16, k:32: Y[i, j] += A[i, k] * B[k, j]
            for j:16: C[i, j] = max(Y[i, j], 0)
    """
    sch = Schedule(mod)
    sch.reverse_compute_at("C", sch.get_loops("Y")[depth - 1])
    return sch


@takes("IRModule")
def compute_inline(mod: tvm.IRModule) -> Schedule:
    """Inline: a producer is written into its consumer, and its buffer is gone.

    Before::

        for i:8, j:16: P[i, j] = A[i, j] + 1
        for i:8, j:16: E[i, j] = exp(P[i, j])

    After::

        for i:8, j:16: E[i, j] = exp(A[i, j] + 1)
    """
    sch = Schedule(mod)
    sch.compute_inline("P")
    return sch


@takes("IRModule")
def reverse_compute_inline(mod: tvm.IRModule) -> Schedule:
    """Reverse inline: a consumer is written into its producer.

    Before::

        for i:8, j:16: E[i, j] = exp(P[i, j])
        for i:8, j:16: C[i, j] = E[i, j] * 2

    After::

        for i:8, j:16: C[i, j] = exp(P[i, j]) * 2
    """
    sch = Schedule(mod)
    sch.reverse_compute_inline("C")
    return sch


@takes("IRModule")
def cache_read(mod: tvm.IRModule) -> Schedule:
    """Cache read (staging, copy-in): a copy of ``B`` is made, and the consumer reads the copy.

    Before::

        for i:8, j:16, k:32: C[i, j] += A[i, k] * B[k, j]

    After::

        for k:32, j:16: B_copy[k, j] = B[k, j]
        for i:8, j:16, k:32: C[i, j] += A[i, k] * B_copy[k, j]
    """
    sch = Schedule(mod)
    sch.cache_read("C", 1, "global")
    return sch


@takes("IRModule")
def cache_write(mod: tvm.IRModule) -> Schedule:
    """Cache write (privatisation, copy-out): the result is made in a buffer of its own, then copied.

    Placed at ``j``, that buffer is one element, which the compiler keeps in a register.

    Before::

        for i:8, j:16, k:32: C[i, j] += A[i, k] * B[k, j]

    After::

        for i:8, j:16:
            for k:32: acc += A[i, k] * B[k, j]
            C[i, j] = acc
    """
    sch = Schedule(mod)
    copy = sch.cache_write("C", 0, "local")
    sch.reverse_compute_at(copy, sch.get_loops("C")[1])
    return sch


@takes("IRModule")
def decompose_reduction(mod: tvm.IRModule) -> Schedule:
    """Decompose: the initial value leaves the reduction and gets loops of its own.

    Before::

        for i:8, j:16, k:32:
            if k == 0: C[i, j] = 0
            C[i, j] += A[i, k] * B[k, j]

    After::

        for i:8, j:16:
            C[i, j] = 0
            for k:32: C[i, j] += A[i, k] * B[k, j]
    """
    sch = Schedule(mod)
    sch.decompose_reduction("C", sch.get_loops("C")[2])
    return sch


@takes("IRModule")
def rfactor(mod: tvm.IRModule, parts: int = 4) -> Schedule:
    """Rfactor (two-stage reduction): ``parts`` partial sums in parallel, then their sum.

    Before::

        for i:8, k:64: S[i] += X[i, k]

    After::

        for i:8:
            for p:4 in parallel, k1:16: partial[p, i] += X[i, p * 16 + k1]
        for i:8, p:4: S[i] += partial[p, i]

    A length ``parts`` does not divide gets a condition. Float sums change in the last digits, since
    they are added in another order.
    """
    sch = Schedule(mod)
    part, _ = sch.split(sch.get_loops("S")[-1], [parts, None])
    partial = sch.rfactor(part, 0)
    sch.parallel(next(loop for loop in sch.get_loops(partial) if int(sch.get(loop).extent) == parts))
    return sch


@takes("IRModule")
def parallel(mod: tvm.IRModule, inner: int = 16) -> Schedule:
    """Parallel: the threads of the CPU share the iterations of the outer loop.

    Before::

        for i:64: Y[i] = 2 * X[i] + 1

    After::

        for i0:4 in parallel, i1:16: Y[…] = 2 * X[…] + 1
    """
    sch = split(mod, inner)
    sch.parallel(sch.get_loops("Y")[0])
    return sch


@takes("IRModule")
def vectorize(mod: tvm.IRModule, lanes: int = 16) -> Schedule:
    """Vectorize (SIMD): the inner loop becomes one instruction on ``lanes`` elements.

    Before::

        for i:64: Y[i] = 2 * X[i] + 1

    After::

        for i0:4: Y[i0 * 16 : i0 * 16 + 16] = 2 * X[i0 * 16 : i0 * 16 + 16] + 1
    """
    sch = split(mod, lanes)
    sch.vectorize(sch.get_loops("Y")[1])
    return sch


@takes("IRModule")
def unroll(mod: tvm.IRModule, copies: int = 4) -> Schedule:
    """Unroll: the inner loop is written out.

    Before::

        for i:64: Y[i] = 2 * X[i] + 1

    After::

        for i0:16:
            Y[i0 * 4]     = 2 * X[i0 * 4] + 1
            Y[i0 * 4 + 1] = 2 * X[i0 * 4 + 1] + 1
            …
    """
    sch = split(mod, copies)
    sch.unroll(sch.get_loops("Y")[1])
    return sch


@takes("IRModule")
def transform_layout(mod: tvm.IRModule, columns: int = 4) -> Schedule:
    """Transform layout (packing): the copy of ``B`` is stored panel after panel of ``columns`` columns.

    Before::

        for k:32, j:16: B_copy[k, j] = B[k, j]
        for i:8, j:16, k:32: C[i, j] += A[i, k] * B_copy[k, j]

    After::

        for k:32, j:16: B_copy[j // 4, k, j % 4] = B[k, j]
        for i:8, j:16, k:32: C[i, j] += A[i, k] * B_copy[j // 4, k, j % 4]
    """
    sch = Schedule(mod)
    copy = sch.cache_read("C", 1, "global")
    sch.transform_layout(copy, ("write", 0), lambda k, j: (j // columns, k, j % columns), pad_value=0.0)
    return sch


@takes("IRModule")
def annotate(mod: tvm.IRModule, steps: int = 64) -> Schedule:
    """Annotate: a note for a later pass; this one lets the compiler unroll loops of up to ``steps`` steps.

    Before::

        for i:64: Y[i] = 2 * X[i] + 1

    After::

        for i:64 {pragma_auto_unroll_max_step: 64}: Y[i] = 2 * X[i] + 1
    """
    sch = Schedule(mod)
    sch.annotate(sch.get_loops("Y")[0], "pragma_auto_unroll_max_step", steps)
    return sch
