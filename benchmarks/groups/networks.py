"""The digits networks as a whole beside PyTorch, eager and compiled."""

import time

import numpy as np
import torch
from compiled import tensors
from timing import Contest, Row
from tvm import relax

from mlc_ref.auto_tuning.records import apply_records, shipped
from mlc_ref.auto_tuning.workloads import model_workload
from mlc_ref.end_to_end.train import trained_network
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.targets import cpu_target

SHAPES = {"mlp": (64,), "cnn": (1, 8, 8)}


def rows(threads: int) -> list[Row]:
    return [row for name in SHAPES for batch in (1, 64) for row in _network(name, batch, threads)]


@torch.no_grad()
def _network(name: str, batch: int, threads: int) -> list[Row]:
    rng, ring = np.random.default_rng(0), 32
    x = [rng.random((batch, *SHAPES[name]), dtype="float32") for _ in range(ring)]
    network, inputs = trained_network(name), [torch.from_numpy(each) for each in x]
    right = trained_network(name).double()(inputs[0].double()).numpy()
    contest = Contest("networks", f"digits {name}, batch {batch}", threads, oracle=right)
    for label, f in (("torch", network), ("torch.compile", torch.compile(network))):
        contest.add(label, lambda i, f=f: f(inputs[i % ring]), lambda f=f: f(inputs[0]).numpy())
    start = time.perf_counter()
    tuned, _log = apply_records(model_workload(name, batch), shipped(f"{name}_{batch}"))
    machine = relax.VirtualMachine(relax.build(tuned, target=cpu_target()), _cpu())
    seconds, run = {"tuned": time.perf_counter() - start}, machine["main"]
    weights, vx = tensors(list(load_weights(name).values())), tensors(x)
    contest.add("tuned", lambda i: run(vx[i % ring], *weights), lambda: run(vx[0], *weights).numpy())
    goal = 2.0 if batch == 1 else 1.0
    return contest.rows(("tuned", ["torch", "torch.compile"], goal), compiled=seconds)


def _cpu():
    import tvm

    return tvm.cpu()
