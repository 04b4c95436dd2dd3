"""What several items of the set share."""

import functools
import math
import secrets
import numpy as np
import tvm_ffi
from scipy.stats import chi2
from tvm import IRModule, relax
from tvm.s_tir import Schedule
from mlc_ref.auto_tuning.decisions import Decision, decisions, with_values
from mlc_ref.auto_tuning.nests import main_nest, nest_of
from mlc_ref.auto_tuning.practice import (
    SCORES_SHAPE,
    coarse_cycles,
    cycles,
    metered,
    metered_cycles,
    scores_program,
    scoring_model,
    unusable,
)
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import draw, elementwise_space, matmul_space
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.declared import stores_in_blocks
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.sites import listing, sites
from mlc_ref.language import Text
from mlc_ref.schedules.programs import matmul, scale_add
from mlc_ref.schedules.traces import trace_to_json


NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _kind(value) -> str:
    return type(value).__name__


def dict_with(result, *keys):
    right = isinstance(result, dict) and all(key in result for key in keys)
    wanted = Text(f"a dict with {', '.join(keys)}", f"含 {'、'.join(keys)} 的字典")
    require(
        right, expected=wanted, found=listing(list(map(str, result))) if isinstance(result, dict) else _kind(result)
    )
    return result
