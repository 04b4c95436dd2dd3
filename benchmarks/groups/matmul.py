"""float32 matmul: the hand-written schedule and the tuned records beside NumPy and PyTorch, and beside the peak."""

import time

import numpy as np
import torch
from compiled import aligned, compiled, shared, tensors
from timing import Contest, Row, ring_length

from mlc_ref.auto_tuning.records import apply_records, shipped
from mlc_ref.auto_tuning.workloads import MATMULS
from mlc_ref.schedules.kernels.peak import flops, peak_loop
from mlc_ref.schedules.packing import best
from mlc_ref.schedules.programs import matmul

PEAK_STEPS = 400_000


def rows(threads: int) -> list[Row]:
    peak = measured_peak(threads)
    print(f"# peak of {threads} threads: {peak / 1e9:.0f} GFLOP/s", flush=True)
    result = []
    for name in ("matmul_256", "matmul_512", "matmul_1024", "matmul_2048", "matmul_uneven"):
        m, n, k = MATMULS[name]
        contest, seconds = _contest(name, m, n, k, threads)
        operations = 2 * m * n * k
        found = contest.rows(
            ("hand-written", ["numpy", "torch"], 1.05),
            ("tuned", ["hand-written"], 0.9),
            operations=operations,
            compiled=seconds,
        )
        result += found
        if name in ("matmul_512", "matmul_1024", "matmul_2048"):
            ours = found[0].seconds["hand-written"]
            at_peak = operations / peak
            result.append(
                Row("peak", contest.work, threads, "hand-written", {"hand-written": ours, "peak": at_peak}, "peak",
                    at_peak / ours, 0.9, operations=operations, disturbed=contest.disturbed)
            )  # fmt: skip
    return result


def measured_peak(threads: int) -> float:
    """Multiply-adds of a loop that does nothing else, as operations a second: the best of many runs."""
    loop = compiled("peak", peak_loop(threads, PEAK_STEPS).mod, {})
    operations = flops(threads, PEAK_STEPS)
    arguments = tensors(
        [np.full(2, 0.5, "float32"), np.zeros((threads, operations // (2 * threads * PEAK_STEPS)), "f4")]
    )
    times = []
    for _ in range(15):
        start = time.perf_counter()
        loop(*arguments)
        times.append(time.perf_counter() - start)
    return operations / min(times)


def _contest(name: str, m: int, n: int, k: int, threads: int) -> tuple[Contest, dict[str, float]]:
    rng = np.random.default_rng(0)
    ring = ring_length(4 * (m * k + k * n + m * n))
    a, b = ([aligned(rng.random(shape, dtype="float32") - 0.5) for _ in range(ring)] for shape in ((m, k), (k, n)))
    c = [aligned(np.zeros((m, n), "float32")) for _ in range(ring)]
    contest = Contest("matmul", f"matmul {m}x{n}x{k}", threads, oracle=a[0].astype("float64") @ b[0])
    contest.add("numpy", lambda i: np.matmul(a[i % ring], b[i % ring], out=c[i % ring]), lambda: c[0])
    ta, tb, tc = ([torch.from_numpy(x) for x in each] for each in (a, b, c))
    contest.add("torch", lambda i: torch.mm(ta[i % ring], tb[i % ring], out=tc[i % ring]), lambda: c[0])
    va, vb, vc = shared(a), shared(b), shared(c)
    seconds: dict[str, float] = {}
    program = matmul(m, n, k)
    tuned, log = apply_records(program, shipped(name))
    if log[0].record is None:
        raise RuntimeError(f"{name}: {log[0].reason}")
    for label, mod in (("hand-written", best(program).mod), ("tuned", tuned)):
        f = compiled(label, mod, seconds)
        contest.add(label, lambda i, f=f: f(va[i % ring], vb[i % ring], vc[i % ring]), lambda: vc[0].numpy())
    return contest, seconds
