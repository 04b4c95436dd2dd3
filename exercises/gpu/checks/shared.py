"""What several items of the set share."""

from functools import lru_cache, wraps

import numpy as np

from mlc_ref.checks import CheckFailure, arrays_match, require
from mlc_ref.checks.counters import counter_at_most, simulated
from mlc_ref.checks.threads import in_kernels
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")


STEPS = 300_000  # several times what any answer of sensible size needs


OPTIONS = Options(step_limit=STEPS)


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _run(mod, inputs, shape, options=OPTIONS):
    """The simulation of an answer, with every detection on unless ``options`` say otherwise."""
    in_kernels(mod)
    return simulated(mod, inputs, [(shape, "float32")], options=options)


def once(run):
    """``run`` of an answer is kept for its next part: all parts judge the same simulation."""
    return wraps(run)(lru_cache(maxsize=1)(run))


def counted(run, answer):
    """The simulation of an answer for a part on its counters; why there are none, the first part says."""
    try:
        return run(answer)[1]
    except CheckFailure as failure:
        told = Text("no counters: the part “right numbers” says why", "没有计数：原因见“数值正确”一项")
        raise CheckFailure(expected=failure.expected, found=told) from failure


SAME_THREADS = Text(
    "Simulate it on small whole numbers. Do all blocks of a kernel have the same thread extents?",
    "用小整数做一次模拟。同一内核中各个块的线程数是否一致？",
)


def expect(result, oracle, hint=SAME_THREADS):
    """Compare with the oracle, within the rounding of a sum of some hundred terms."""
    arrays_match(result.outputs[0], oracle.astype("float32"), rtol=1e-4, atol=1e-3, hint=hint)


def loads(result, name, scope="global"):
    """Whether some statement loads the buffer ``name`` from memory of this scope."""
    rows = [row for kernel in result.kernels for row in kernel.statements]
    return any((a.kind, a.scope, a.buffer) == ("load", scope, name) for row in rows for a in row.accesses)


REGISTERS = 255  # of a thread at most, as the chapter says


def fits_registers(result, hint):
    """What a thread keeps for itself fits its registers."""
    counter_at_most(result, "local_bytes_per_thread", REGISTERS * 4, hint=hint)


def at_least(found, least, what, hint):
    require(
        found >= least,
        expected=Text(f"at least {least:,} {what.en}", f"至少 {least:,} 个{what.zh}"),
        found=f"{found:,}",
        hint=hint,
    )


NO_SHARED = Text(
    'Bring the data to the scope "shared" and read them there.', '把数据放到存储作用域 "shared"，再从那里读取。'
)


def uses_shared(result):
    at_least(result.counters.shared_load_requests, 1, Text("load of shared memory", "共享内存加载请求"), NO_SHARED)


def product(n, m, k, sch):
    rng = np.random.default_rng()
    p, q = normal(rng, k, n), normal(rng, k, m)
    return p.astype("float64").T @ q, _run(sch.mod, [p, q], (n, m))
