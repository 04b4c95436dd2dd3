"""Passes: their names, their composition, and the module they are given."""

import tvm

from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.frameworks.builder import mlp_with_operators
from mlc_ref.graph_optimization import passes, programs
from mlc_ref.graph_optimization.loop_fusion import merge_all_loops
from mlc_ref.graph_optimization.lowering import legalize_and_fuse
from mlc_ref.graph_optimization.traffic import bound


def test_a_pass_has_a_name_and_composes():
    seen = []

    @tvm.ir.instrument.pass_instrument
    class Recorder:
        def run_before_pass(self, mod, info):
            seen.append(info.name)

    with tvm.transform.PassContext(instruments=[Recorder()]):
        passes.simplify()(programs.ConstantBranch)
    own = ["FoldConstants", "EliminateCommonSubexpressions", "EliminateDeadCode"]
    assert [name for name in seen if name in (*own, "simplify")] == ["simplify", *own]


def test_passes_leave_the_module_they_are_given_alone():
    mod = bind_weights(mlp_with_operators(4), load_weights("mlp"))
    before = mod.script(show_meta=True)
    passes.optimize()(mod)
    merge_all_loops(legalize_and_fuse()(mod))
    assert mod.script(show_meta=True) == before


def test_a_pass_can_be_made_of_any_function_on_modules():
    negated = passes.as_pass(lambda mod: bound(mod, n=2), "BindTwo")
    assert negated.info.name == "BindTwo"
    assert int(negated(programs.Linear)["main"].params[0].ty.shape[0]) == 2
