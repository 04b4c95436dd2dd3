"""Softmax and layer normalization beside PyTorch, which writes into arrays that exist, as ours do."""

import numpy as np
import torch
from compiled import aligned, compiled, shared, tensors
from timing import Contest, Row, ring_length

from mlc_ref.schedules.kernels import programs
from mlc_ref.schedules.kernels.rows import by_rows


def rows(threads: int) -> list[Row]:
    return [row for n in (1024, 4096) for row in (*_softmax(n, threads), *_layer_norm(n, threads))]


def _arrays(n: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    rng, ring = np.random.default_rng(0), ring_length(8 * n * n)
    x = [aligned(rng.standard_normal((n, n), dtype="float32")) for _ in range(ring)]
    return x, [aligned(np.zeros((n, n), "float32")) for _ in range(ring)]


@torch.no_grad()
def _softmax(n: int, threads: int) -> list[Row]:
    x, y = _arrays(n)
    ring, e = len(x), np.exp(x[0].astype("float64") - x[0].max(1, keepdims=True))
    contest = Contest("rows", f"softmax {n}x{n}", threads, oracle=e / e.sum(1, keepdims=True))
    tx, ty = ([torch.from_numpy(each) for each in arrays] for arrays in (x, y))
    contest.add("torch", lambda i: torch.softmax(tx[i % ring], 1, out=ty[i % ring]), lambda: y[0])
    seconds: dict[str, float] = {}
    f = compiled("hand-written", by_rows(programs.softmax(n, n)).mod, seconds)
    vx, vy = shared(x), shared(y)
    contest.add("hand-written", lambda i: f(vx[i % ring], vy[i % ring]), lambda: vy[0].numpy())
    return contest.rows(("hand-written", ["torch"], 1.5), compiled=seconds)


@torch.no_grad()
def _layer_norm(n: int, threads: int) -> list[Row]:
    x, y = _arrays(n)
    rng, ring, wide = np.random.default_rng(1), len(x), x[0].astype("float64")
    g, b = rng.random(n, dtype="float32"), rng.random(n, dtype="float32")
    right = (wide - wide.mean(1, keepdims=True)) / np.sqrt(wide.var(1, keepdims=True) + 1e-5) * g + b
    contest = Contest("rows", f"layer norm {n}x{n}", threads, oracle=right)
    tx, ty = ([torch.from_numpy(each) for each in arrays] for arrays in (x, y))
    tg, tb, m, s = torch.from_numpy(g), torch.from_numpy(b), torch.empty(n, 1), torch.empty(n, 1)
    write = torch.ops.aten.native_layer_norm.out
    contest.add(
        "torch", lambda i: write(tx[i % ring], [n], tg, tb, 1e-5, out0=ty[i % ring], out1=m, out2=s), lambda: y[0]
    )
    seconds: dict[str, float] = {}
    f = compiled("hand-written", by_rows(programs.layer_norm(n, n)).mod, seconds)
    vx, vy, (vg, vb) = shared(x), shared(y), tensors([g, b])
    contest.add("hand-written", lambda i: f(vx[i % ring], vg, vb, vy[i % ring]), lambda: vy[0].numpy())
    return contest.rows(("hand-written", ["torch"], 1.5), compiled=seconds)
