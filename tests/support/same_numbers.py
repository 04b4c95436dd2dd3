"""Whether a rewritten graph computes what it computed before."""

import numpy as np
from tvm import relax

from mlc_ref.end_to_end.deploy import run_graph


def arrays(mod):
    """Random arrays for the parameters of ``main``; symbolic extents are 7."""
    rng = np.random.default_rng(0)
    extents = [[getattr(e, "value", 7) for e in p.ty.shape] for p in mod["main"].params]
    return [rng.standard_normal([int(e) for e in shape]).astype("float32") for shape in extents]


def flat(result):
    return result if isinstance(result, tuple) else (result,)


def same_numbers(before, after):
    inputs = arrays(before)
    expected, found = flat(run_graph(before, *inputs)), flat(run_graph(after, *inputs))
    assert len(expected) == len(found)
    for e, f in zip(expected, found, strict=True):
        assert e.shape == f.shape
        assert np.allclose(e, f, rtol=1e-5, atol=1e-5)
    assert relax.analysis.check_well_formed(after)
