"""Values of any form for fuzz tests of what comes out of a student's process."""

import os

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mlc_course.grading.protocol.codec import ModuleText

EXAMPLES = int(os.environ.get("MLC_FUZZ", "150"))


fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


leaves = st.sampled_from(
    [None, True, -1, 2**62, 1.5, float("nan"), "", "kind", "value", "x" * 300, np.zeros(3), np.array(1), np.zeros((2, 0)),
     ModuleText("{}"), ModuleText("[" * 2000), ModuleText('{"root_index": 0, "nodes": [{"type": []}]}')]
)  # fmt: skip


values = st.recursive(
    leaves | leaves.map(lambda v: [v] * 500),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["kind", "value", "en", "zh", "found", "failure", "result"]), inner, max_size=4
        )
        | inner.map(lambda v: nest(v, 30))
    ),
    max_leaves=8,
)


def nest(value: object, levels: int) -> object:
    for _ in range(levels):
        value = [value]
    return value
