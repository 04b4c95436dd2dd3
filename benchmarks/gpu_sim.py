"""How fast the GPU simulator is, as a ratio to numba's CUDA simulator on the same kernel.

    python benchmarks/gpu_sim.py [--numba PYTHON]

numba is no dependency of the course. Where this interpreter lacks it, name one that has it:

    python -m venv numba-venv && numba-venv/bin/pip install numba numpy
    python benchmarks/gpu_sim.py --numba numba-venv/bin/python

Both simulators run the naive 128 x 128 x 128 matmul (one output element a thread, 16 x 16 threads, the
sum in a register) in turns on this machine; each result is compared with NumPy first. Ours detects
races, bounds and uninitialized memory and counts every access; numba's does none of that. Then come
two 1024 x 1024 x 1024 matmuls, all blocks simulated, with everything on.
"""

import argparse
import statistics
import subprocess
import sys
import time

import numpy as np

from mlc_ref.gpu_sim import Result, programs, simulate

ROUNDS = 3
NUMBA = """
import os, sys, time
os.environ["NUMBA_ENABLE_CUDASIM"] = "1"
import numpy as np
from numba import cuda

@cuda.jit
def matmul(a, b, c):
    i, j = cuda.blockIdx.y * 16 + cuda.threadIdx.y, cuda.blockIdx.x * 16 + cuda.threadIdx.x
    total = np.float32(0)
    for k in range(a.shape[1]):
        total += a[i, k] * b[k, j]
    c[i, j] = total

rng = np.random.default_rng(0)
a, b = (rng.random((128, 128), dtype="float32") for _ in range(2))
for line in sys.stdin:
    c = np.zeros((128, 128), "float32")
    start = time.perf_counter()
    matmul[(8, 8), (16, 16)](a, b, c)
    seconds = time.perf_counter() - start
    assert np.allclose(c, a.astype("float64") @ b, rtol=1e-4)
    print(seconds, flush=True)
"""


def operands(n: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.random((n, n), dtype="float32") for _ in range(2)]


def timed(mod: object, n: int) -> tuple[float, Result]:
    """Seconds of one simulation whose result is right."""
    a, b = operands(n)
    start = time.perf_counter()
    result = simulate(mod, [a, b], [((n, n), "float32")])
    seconds = time.perf_counter() - start
    np.testing.assert_allclose(result.outputs[0], a.astype("float64") @ b, rtol=1e-4)
    return seconds, result


def compare(python: str) -> None:
    """Print the ratio of the two simulators, timed in turns."""
    mod = programs.matmul_naive(128)
    timed(mod, 128)
    ours, theirs = [], []
    with subprocess.Popen([python, "-c", NUMBA], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        for _ in range(ROUNDS):
            ours.append(statistics.median(timed(mod, 128)[0] for _ in range(5)))
            peer.stdin.write("run\n")
            peer.stdin.flush()
            theirs.append(float(peer.stdout.readline()))
        peer.stdin.close()
    ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    print(f"naive matmul 128: ours {min(ours):.3f} s, numba {min(theirs):.2f} s, {ratio:.0f} times as fast")


def has_numba(python: str) -> bool:
    return subprocess.run([python, "-c", "import numba"], capture_output=True).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numba", default=sys.executable, metavar="PYTHON", help="an interpreter that has numba")
    python = parser.parse_args().numba
    if has_numba(python):
        compare(python)
    else:
        print(f"no numba in {python}: no ratio; to measure it:")
        print("  python -m venv numba-venv && numba-venv/bin/pip install numba numpy")
        print("  python benchmarks/gpu_sim.py --numba numba-venv/bin/python")
    for name, mod in (("naive", programs.matmul_naive(1024)), ("shared memory", programs.matmul_blocked(1024, 32))):
        seconds, result = timed(mod, 1024)
        print(f"\n{name} matmul 1024, every block, all counters and checks: {seconds:.1f} s\n{result}")


if __name__ == "__main__":
    main()
