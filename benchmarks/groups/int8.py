"""int8 matmul with dot-product instructions beside the float32 matmul and PyTorch's int8 matmul."""

import numpy as np
import torch
from compiled import aligned, compiled, shared
from timing import Contest, Row
from tvm.s_tir import Schedule

from mlc_ref.schedules.packing import best as best_float
from mlc_ref.schedules.programs import matmul
from mlc_ref.tensorization.programs.matmul import matmul as int8_matmul
from mlc_ref.tensorization.schedules.int8 import best

N = 1024


def rows(threads: int) -> list[Row]:
    rng, ring = np.random.default_rng(0), 8
    a = [aligned(rng.integers(0, 128, (N, N), "uint8")) for _ in range(ring)]
    b = [aligned(rng.integers(-128, 128, (N, N), "int8")) for _ in range(ring)]
    contest = Contest("int8", f"int8 matmul {N}", threads, tolerance=0)
    contest.oracle = (a[0].astype("float64") @ b[0].astype("float64")).astype("float64")
    seconds: dict[str, float] = {}
    ta, tb = [torch.from_numpy(each.view("int8")) for each in a], [torch.from_numpy(each) for each in b]
    c = [aligned(np.zeros((N, N), "int32")) for _ in range(ring)]
    tc = [torch.from_numpy(each) for each in c]
    contest.add("torch._int_mm", lambda i: torch._int_mm(ta[i % ring], tb[i % ring], out=tc[i % ring]), lambda: c[0])
    f = compiled("int8", best(Schedule(int8_matmul(N, N, N, "uint8", "int8", "int32"))).mod, seconds)
    va, vb, vc = shared(a), shared(b), shared(c)
    contest.add("int8", lambda i: f(va[i % ring], vb[i % ring], vc[i % ring]), lambda: vc[0].numpy())
    g = compiled("float32", best_float(matmul(N, N, N)).mod, seconds)
    wide = [[aligned(each.astype("float32")) for each in side] for side in (a, b, c)]
    wa, wb, wc = (shared(each) for each in wide)
    contest.add("float32", lambda i: g(wa[i % ring], wb[i % ring], wc[i % ring]))
    return contest.rows(
        ("int8", ["float32"], 3.0), ("int8", ["torch._int_mm"], 1.0), operations=2 * N**3, compiled=seconds
    )
