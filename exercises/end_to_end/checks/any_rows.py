"""Checks of the item ``any_rows``: any number of rows."""

import functools
import re
import secrets
import numpy as np
from tvm import IRModule, relax, tirx
from tvm.ir import GenericConst
from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.bounds import accesses_in_bounds
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, graph, one_dataflow_block, only_operators, well_formed
from mlc_ref.checks.index_math import evaluate
from mlc_ref.checks.planning import plans_at_most
from mlc_ref.checks.sites import function, listing
from mlc_ref.end_to_end import libraries, reference
from mlc_ref.end_to_end.practice.programs import Ensemble
from mlc_ref.end_to_end.practice.scorers import ACTIVATIONS, scorer
from mlc_ref.language import Text
from mlc_ref.tensor_programs.axes import check_axes
from .shared import NUMBERS, SIGNATURE, STRUCTURE, Shape, LAYERS, NEEDED, _any_rows, expect, judge_layers, _kind, normal, one_function, programs_only, _shown, signature, _size, sound, two_layers


any_rows = Task("any_rows", kind="module", title=Text("Any number of rows", "任意多行"))


@any_rows.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    signature(mod, [("n", 20), *LAYERS], ("n", 5))


@any_rows.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    signature(mod, [("n", 20), *LAYERS], ("n", 5), rows=False)
    programs_only(mod, 2)
    names = [v.name_hint for v, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)]
    require(
        len(names) <= 2,
        expected=Text("at most 2 tensor programs", "至多 2 个张量程序"),
        found=listing(names),
        hint=Text(
            "Leave all sizes of the layer open, and call it twice.", "让线性层的所有尺寸都成为变量，再调用两次。"
        ),
    )


@any_rows.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for rows in (1, 3, int(rng.integers(18, 300)), int(rng.integers(300, 3000))):
        judge_layers(call, rng, rows)
