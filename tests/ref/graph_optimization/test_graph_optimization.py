"""Rewriting graphs: numbers stay, structure is exactly what the rewrite promises."""

import numpy as np
import pytest
import tvm
from graph_programs import (
    Attributes,
    BiasFirst,
    Broadcast,
    Constants,
    HiddenFirst,
    NoVector,
    TuplesAndBranches,
    TwoBlocks,
    TwoFunctions,
)
from same_numbers import same_numbers
from tvm import relax
from tvm.relax.transform import DeadCodeElimination, EliminateCommonSubexpr, FoldConstant
from tvm.script import relax as R
from tvm_ffi import structural_equal

from mlc_ref.checks.graphs import sub_functions
from mlc_ref.end_to_end import libraries
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.graph_optimization import programs
from mlc_ref.graph_optimization.common_subexpressions import eliminate_common_subexpressions
from mlc_ref.graph_optimization.constant_folding import fold_constants
from mlc_ref.graph_optimization.dead_code import eliminate_dead_code, reachable_functions
from mlc_ref.graph_optimization.multiply_add import rewrite_multiply_add
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.graph_optimization.patterns import fuse_linear_by_pattern, rewrite_multiply_add_by_pattern
from mlc_ref.graph_optimization.walk import bindings, is_primitive, producers, relax_functions


def test_dead_code_is_seen_through_tuples_and_branches():
    cleaned = eliminate_dead_code(TuplesAndBranches)
    kept = [b.var.name for b in bindings(cleaned["main"])]
    assert kept == ["halves", "left", "right", "mixed", "pair"]
    for flag, mixed in ((True, [4, 6]), (False, [9, 16])):
        found = run_graph(cleaned, np.array([1, 2, 3, 4], "float32"), np.array(flag))
        assert [value.tolist() for value in found] == [mixed, [1, 2]]


@pytest.mark.parametrize("rewrite", [rewrite_multiply_add, rewrite_multiply_add_by_pattern])
def test_sums_of_single_use_products_become_multiply_add(rewrite):
    after = rewrite(programs.MultiplyAdd)
    assert callees(after) == ["multiply_add", "multiply_add", "relax.multiply", "relax.add", "relax.subtract"]
    same_numbers(programs.MultiplyAdd, after)


@pytest.mark.parametrize("rewrite", [rewrite_multiply_add, rewrite_multiply_add_by_pattern])
def test_a_sum_that_broadcasts_or_whose_product_is_returned_stays(rewrite):
    after = rewrite(Broadcast)
    kept = ["relax.multiply", "relax.add", "multiply_add", "relax.multiply", "relax.add"]
    assert callees(after) == kept
    same_numbers(Broadcast, after)


def test_rewriting_twice_changes_nothing_more():
    once = rewrite_multiply_add(programs.MultiplyAdd)
    assert structural_equal(rewrite_multiply_add(once), once)


FUSIONS = pytest.mark.parametrize("fuse", [fuse_linear, fuse_linear_by_pattern])


@FUSIONS
def test_linear_layers_become_primitive_sub_functions(fuse):
    after = fuse(programs.Linear)
    groups = sub_functions(after)
    assert len(callees(after)) == len(groups) == 2
    assert [callees(after, name) for name in callees(after)] == [
        ["relax.matmul", "relax.add", "relax.nn.relu"],
        ["relax.matmul", "relax.add"],
    ]
    assert all(is_primitive(group) for group in groups.values())
    assert not any("global_symbol" in group.attrs for group in groups.values())
    same_numbers(programs.Linear, after)


@FUSIONS
def test_a_bias_may_stand_on_the_left(fuse):
    after = fuse(BiasFirst)
    assert len(callees(after)) == len(sub_functions(after)) == 2
    same_numbers(BiasFirst, after)


@FUSIONS
def test_a_product_that_is_used_twice_is_not_fused(fuse):
    after = fuse(programs.SharedProduct)
    assert callees(after) == ["relax.matmul", "relax.add", "relax.nn.relu", "relax.subtract"]
    assert sub_functions(after) == {}


@FUSIONS
def test_a_sum_that_is_used_twice_keeps_relu_outside(fuse):
    after = fuse(programs.SharedSum)
    group, *rest = callees(after)
    assert rest == ["relax.nn.relu", "relax.subtract"]
    assert callees(after, group) == ["relax.matmul", "relax.add"]
    same_numbers(programs.SharedSum, after)


@FUSIONS
def test_only_a_vector_on_the_right_is_a_bias(fuse):
    after = fuse(NoVector)
    assert callees(after) == callees(NoVector)
    assert sub_functions(after) == {}


def test_both_fusions_make_the_same_groups_and_the_pattern_gives_them_its_name():
    own, other = fuse_linear(programs.Linear), fuse_linear_by_pattern(programs.Linear)
    composites = [other[name].attrs["Composite"] for name in callees(other)]
    assert composites == ["course.linear_relu", "course.linear"]
    for own_name, other_name in zip(callees(own), callees(other), strict=True):
        # Names of bindings and the pattern's name aside, the groups are the same function.
        left, right = own[own_name].without_attr("Primitive"), other[other_name].without_attr("Primitive")
        normal = relax.transform.CanonicalizeBindings()
        left = normal(tvm.IRModule({"f": left.with_attr("global_symbol", "f")}))
        right = normal(tvm.IRModule({"f": right.without_attr("Composite").with_attr("global_symbol", "f")}))
        assert structural_equal(left, right)


def test_equal_layers_share_no_variables_and_the_module_stays_well_formed():
    twice = fuse_linear(programs.Linear)
    assert relax.analysis.check_well_formed(twice)
    assert structural_equal(fuse_linear(twice), twice)


def test_groups_are_not_rewritten_again():
    fused = fuse_linear(programs.Linear)
    assert [var.name_hint for var, _ in relax_functions(fused)] == ["main"]


def test_dead_bindings_and_unreached_functions_go_and_effects_stay():
    after = eliminate_dead_code(programs.Unused)
    assert callees(after) == ["relax.nn.relu", "double", "mlc_ref.record"]
    assert sorted(var.name_hint for var in after.get_global_vars()) == ["double", "main"]
    assert {v.name_hint for v in reachable_functions(programs.Unused)} == {"main", "negate", "double"}
    libraries.register_libraries()
    before = len(libraries.RECORDED)
    assert run_graph(after, np.array([-1, 2, 3, -4], "float32")).tolist() == [0, 4, 6, 0]
    assert [x.tolist() for x in libraries.RECORDED[before:]] == [[0, 4, 6, 0]]


@pytest.mark.parametrize("mod", [programs.Unused, programs.Linear, programs.ConstantBranch, Broadcast])
def test_dead_code_elimination_agrees_with_tvms(mod):
    assert structural_equal(eliminate_dead_code(mod), DeadCodeElimination()(mod))


def test_everything_that_is_used_stays_as_it_is():
    assert structural_equal(eliminate_dead_code(programs.Linear), programs.Linear)


def test_an_empty_dataflow_block_disappears():
    @R.function
    def main(x: R.Tensor((4,), "float32")):
        with R.dataflow():
            lost = R.exp(x)
            R.output(lost)
        return x

    cleaned = eliminate_dead_code(tvm.IRModule({"main": main}))
    assert list(cleaned["main"].body.blocks) == []
    assert run_graph(cleaned, np.ones(4, "float32")).tolist() == [1, 1, 1, 1]


def test_constants_fold_through_a_chain():
    after = fold_constants(programs.ConstantBranch)
    assert callees(after) == ["relax.add"]
    (less, _) = bindings(after["main"])
    assert less.value.value.numpy().tolist() == 8
    same_numbers(programs.ConstantBranch, after)


def test_constants_fold_only_where_all_operands_are_known():
    after = fold_constants(Constants)
    assert callees(after) == ["relax.multiply", "relax.multiply", "relax.zeros"]
    same_numbers(Constants, after)


def test_folding_keeps_the_dtype_of_integers():
    @R.function
    def main(x: R.Tensor((2,), "int64")):
        with R.dataflow():
            six = R.multiply(R.const(2, "int64"), R.const(3, "int64"))
            out = R.add(x, six)
            R.output(out)
        return out

    after = fold_constants(tvm.IRModule({"main": main}))
    constant = bindings(after["main"])[0].value
    assert (str(constant.ty.dtype), int(constant.value.numpy())) == ("int64", 6)
    assert run_graph(after, np.array([1, 2])).tolist() == [7, 8]


def test_folding_agrees_with_tvms_but_for_the_second_name_of_a_constant():
    def plain(mod):
        return DeadCodeElimination()(relax.transform.CanonicalizeBindings()(mod)).script()

    assert plain(fold_constants(programs.ConstantBranch)) == plain(FoldConstant()(programs.ConstantBranch))


def test_repeated_calls_are_computed_once_and_swapped_operands_are_another_call():
    after = eliminate_common_subexpressions(programs.Repeated)
    assert callees(after) == ["relax.multiply", "relax.add", "relax.add", "relax.subtract", "relax.multiply"]
    difference = producers(after["main"])[bindings(after["main"])[3].var]
    assert difference.args[0].same_as(difference.args[1])
    same_numbers(programs.Repeated, after)


def test_common_subexpressions_agree_with_tvms():
    other = DeadCodeElimination()(EliminateCommonSubexpr()(programs.Repeated))
    assert structural_equal(eliminate_common_subexpressions(programs.Repeated), other)


def test_repetitions_stay_within_a_block_and_calls_with_effects_stay_twice():
    libraries.register_libraries()
    after = eliminate_common_subexpressions(TwoBlocks)
    record = "mlc_ref.record"
    assert callees(after) == ["relax.multiply", record, record, "relax.multiply", "relax.add"]
    same_numbers(TwoBlocks, after)


def test_a_value_hidden_in_its_block_stands_for_no_value_outside():
    libraries.register_libraries()
    after = eliminate_common_subexpressions(HiddenFirst)
    assert callees(after) == ["relax.multiply", "relax.exp", "mlc_ref.record", "relax.multiply", "relax.add"]
    assert [b.var.name for b in bindings(after["main"])] == ["hidden", "e", "out", "_", "again", "d"]
    same_numbers(HiddenFirst, after)


def test_a_value_of_one_function_stands_for_none_of_another():
    after = eliminate_common_subexpressions(TwoFunctions)
    assert callees(after, "main") == callees(after, "other") == ["relax.zeros"]
    assert relax.analysis.check_well_formed(after)


def test_calls_with_other_attributes_are_not_common():
    assert callees(eliminate_common_subexpressions(Attributes)) == ["relax.sum", "relax.sum", "relax.subtract"]
