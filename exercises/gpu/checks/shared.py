"""What several items of the set share."""

import numpy as np

from mlc_ref.checks import CheckFailure, arrays_match, require
from mlc_ref.checks.counters import simulated
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


def counted(run, sch):
    """The simulation of an answer for a part on its counters; why there are none, the first part says."""
    try:
        return run(sch)[1]
    except CheckFailure as failure:
        told = Text("no counters: the part “right numbers” says why", "没有计数：原因见“数值正确”一项")
        raise CheckFailure(expected=failure.expected, found=told) from failure


def expect(result, oracle):
    """Compare with the oracle, within the rounding of a sum of some hundred terms."""
    hint = Text(
        "Simulate it on small whole numbers. Do all blocks of a kernel have the same thread extents?",
        "用小整数做一次模拟。同一内核中各个块的线程数是否一致？",
    )
    arrays_match(result.outputs[0], oracle.astype("float32"), rtol=1e-4, atol=1e-3, hint=hint)


def at_least(found, least, what, hint):
    require(
        found >= least,
        expected=Text(f"at least {least:,} {what.en}", f"至少 {least:,} 个{what.zh}"),
        found=f"{found:,}",
        hint=hint,
    )


def uses_shared(result):
    hint = Text(
        'Bring the data to the scope "shared" and read them there.', '把数据放到作用域 "shared"，再从那里读取。'
    )
    at_least(result.counters.shared_load_requests, 1, Text("load of shared memory", "共享内存加载请求"), hint)


def product(n, m, k, sch):
    rng = np.random.default_rng()
    p, q = normal(rng, k, n), normal(rng, k, m)
    return p.astype("float64").T @ q, _run(sch.mod, [p, q], (n, m))
