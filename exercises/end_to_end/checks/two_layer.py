"""Checks of the item ``two_layer``: a two-layer network."""

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


two_layer = Task("two_layer", kind="module", title=Text("A two-layer network", "两层网络"))


@two_layer.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    signature(mod, [(3, 20), *LAYERS], (3, 5))


@two_layer.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    signature(mod, [(3, 20), *LAYERS], (3, 5), rows=False)
    programs_only(mod, 3)


@two_layer.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    judge_layers(call, rng, 3)
