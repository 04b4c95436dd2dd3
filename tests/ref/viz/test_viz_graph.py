"""The graph explorer: levels, edges and differences of modules, against graphs drawn by hand."""

import gzip
import json

import pytest
import tvm
from tvm.script import ir as I
from tvm.script import relax as R

from mlc_ref.end_to_end import programs
from mlc_ref.frameworks.builder import mlp_with_operators
from mlc_ref.graph_optimization import passes
from mlc_ref.graph_optimization import programs as rewritten
from mlc_ref.language import Text
from mlc_ref.viz import explore_graph
from mlc_ref.viz.calls import callee_name, operands, typed
from mlc_ref.viz.graph_data import differences, functions_of, paths


@I.ir_module
class Branch:
    @R.function
    def main(c: R.Tensor((), "bool"), x: R.Tensor((4,), "float32"), w: R.Tensor((4,), "float32")):
        if c:
            y = R.add(x, w)
        else:
            y = R.multiply(x, x)
        return y


def data_of(widget):
    return json.loads(widget.to_json())


def level(mod, name="main"):
    return functions_of(mod)[name]["nodes"]


def test_a_level_holds_calls_their_arguments_and_where_values_come_from():
    block, result = level(programs.MLP)
    assert block["nodes"] == [
        {"kind": "program", "name": "linear0", "value": "hidden (4, 32)", "args": [3, "w0 (32, 64)", "b0 (32)"]},
        {"kind": "program", "name": "relu0", "value": "active (4, 32)", "args": [0]},
        {
            "kind": "program",
            "name": "linear1",
            "value": "scores (4, 10)",
            "args": [1, "w1 (10, 32)", "b1 (10)"],
            "out": True,
        },
        {"kind": "input", "name": "x (4, 64)", "args": []},
    ]
    assert result == {"kind": "result", "name": "scores (4, 10)", "args": [0]}


def test_tensor_programs_are_their_loop_nests():
    relu = functions_of(programs.MLP)["relu0"]
    assert relu == {"lines": ["for i, j in grid(4, 32):", "  y[vi, vj] = T.max(x[vi, vj], 0.0)"]}


def test_effects_stand_between_the_blocks_and_read_what_the_blocks_give_out():
    first, effect, second, result = level(programs.LoggedReLU)
    assert [first["kind"], effect["kind"], second["kind"]] == ["block", "effect", "block"]
    assert (effect["args"], second["args"], result["args"]) == ([0], [0], [2])
    assert second["nodes"][1] == {"kind": "input", "name": "active (n, 10)", "args": []}


def test_tuples_items_and_shapes_are_values():
    nodes = level(programs.GraphValues)
    assert [(node["kind"], node["name"]) for node in nodes[:2]] == [("value", "[0]"), ("value", "shape")]
    assert nodes[0]["args"] == ["pair"]


def test_both_branches_of_an_if_are_levels():
    (branch, result, *_) = level(Branch)
    assert branch["name"] == "if"
    assert [part[0]["name"] for part in branch["parts"]] == ["add", "multiply"]
    assert result["args"] == [0]
    assert [path for path, _ in paths(level(Branch))] == ["0", "0.0.0", "0.1.0"]


def test_a_second_name_for_a_constant_is_no_node():
    folded = data_of(explore_graph(_bound(), passes.FoldConstants))
    assert folded["steps"][1]["gone"] == {"main": ["0.0", "0.4"]}
    assert folded["steps"][1]["new"] == {"main": []}


def _bound() -> tvm.IRModule:
    from mlc_ref.end_to_end.models import bind_weights
    from mlc_ref.end_to_end.weights import load_weights

    return bind_weights(mlp_with_operators(4), load_weights("mlp"))


def test_a_pipeline_is_taken_apart_into_its_passes():
    steps = data_of(explore_graph(_bound(), passes.optimize()))["steps"]
    assert [step["title"] for step in steps] == [
        {"en": "as given", "zh": "原样"}, "FoldConstants", "EliminateCommonSubexpressions", "EliminateDeadCode",
        "FuseLinear", "LowerGroups", "MergeLoops",
    ]  # fmt: skip
    assert (steps[2]["gone"], steps[2]["new"]) == ({}, {})


def test_grouping_takes_five_calls_and_gives_two_and_two_functions():
    step = data_of(explore_graph(_bound(), passes.FoldConstants, passes.FuseLinear))["steps"][2]
    assert step["gone"] == {"main": ["0.0", "0.1", "0.2", "0.3", "0.4"]}
    assert step["new"]["main"] == ["0.0", "0.1"]
    assert set(step["new"]) == {"main", "fused_linear", "fused_linear_relu"}


def test_a_rewritten_tensor_program_is_told_line_by_line():
    before = {"lines": ["for i in range(4):", "  y[i] = x[i]"]}
    after = {"lines": ["for i in vectorized(4):", "  y[i] = x[i]"]}
    assert differences(before, after) == ([0], [0])
    assert differences(None, after) == ([], [0, 1])
    assert differences({"nodes": []}, after) == ([], [0, 1])


def test_equal_functions_of_several_steps_are_held_once():
    data = data_of(explore_graph([("one", programs.MLP), ("two", programs.MLP)]))
    assert len(data["functions"]) == 4
    assert data["steps"][0]["uses"] == data["steps"][1]["uses"]
    assert (data["steps"][1]["gone"], data["steps"][1]["new"]) == ({}, {})


def test_steps_may_be_a_mapping_and_titles_may_be_in_both_languages():
    data = data_of(explore_graph({"graph": programs.MLP}))
    assert data["steps"][0]["title"] == "graph"
    pair = [(Text("one", "一"), programs.MLP), ("", programs.MLP)]
    assert [step["title"] for step in data_of(explore_graph(pair))["steps"]] == [
        {"en": "one", "zh": "一"}, {"en": "as given", "zh": "原样"}
    ]  # fmt: skip


def test_without_scripts_the_calls_can_be_read_in_order():
    fallback = explore_graph(rewritten.MultiplyAdd, passes.RewriteMultiplyAdd).fallback
    assert "first (3, 5) = multiply_add(x, y, z)" in fallback
    assert 'data-lang="zh">原样' in fallback
    assert "squares (n, 10) = multiply(active, active)" in explore_graph(programs.LoggedReLU).fallback


def test_a_network_with_a_pipeline_weighs_little():
    assert len(gzip.compress(explore_graph(_bound(), passes.optimize()).page_html().encode())) < 8_000


def test_a_module_without_the_function_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="entry: got 'forward', Relax functions of the step 'as given' are: main"):
        explore_graph(programs.MLP, entry="forward")


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="subject: got no step"):
        explore_graph([])


def test_operands_of_a_call_by_destination_are_those_it_reads():
    call = programs.MLP["main"].body.blocks[0].bindings[0].value
    assert callee_name(call) == "linear0"
    assert [typed(each) for each in operands(call)] == ["x (4, 64)", "w0 (32, 64)", "b0 (32)"]
