"""A network's graph as plain data, and back into Relax."""

import json

import pytest
import tvm_ffi

from mlc_ref.end_to_end.train import trained_network
from mlc_ref.frameworks.importer import import_program
from mlc_ref.frameworks.networks import export_network, export_refusal, residual_block
from mlc_ref.frameworks.plain_graphs import import_graph, plain_graph


@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize("name", ["cnn", "residual"])
def test_a_graph_that_went_through_json_imports_to_the_same_module(name, symbolic):
    network, shape = (trained_network("cnn"), (2, 1, 8, 8)) if name == "cnn" else (residual_block(3), (2, 3, 5, 7))
    program = export_network(network, shape, symbolic_batch=symbolic)
    graph = json.loads(json.dumps(plain_graph(program)))
    assert tvm_ffi.structural_equal(import_graph(graph), import_program(program).module)


def test_weights_that_nothing_uses_are_left_out_and_a_missing_bias_is_none():
    graph = plain_graph(export_network(residual_block(2), (1, 2, 4, 4)))
    names = [weight["name"] for weight in graph["weights"]]
    assert "b_norm_num_batches_tracked" not in names
    assert names[-2:] == ["b_norm_running_mean", "b_norm_running_var"]
    assert graph["nodes"][0]["args"][2] is None
    assert graph["nodes"][0]["module"] == "conv0"


def test_several_results_become_a_tuple():
    graph = {
        "inputs": [{"name": "x", "shape": [3]}], "weights": [], "outputs": ["a", "x"],
        "nodes": [{"name": "a", "operator": "aten.relu.default", "args": [{"value": "x"}], "kwargs": {}, "module": ""}],
    }  # fmt: skip
    assert len(import_graph(graph)["main"].ret_ty.fields) == 2


def test_an_unknown_operator_is_named():
    node = {"name": "a", "operator": "aten.tanh.default", "args": [{"value": "x"}], "kwargs": {}, "module": ""}
    graph = {"inputs": [{"name": "x", "shape": [3]}], "weights": [], "nodes": [node], "outputs": ["a"]}
    with pytest.raises(KeyError, match=r"aten\.tanh\.default"):
        import_graph(graph)


def test_a_condition_on_values_cannot_be_exported():
    import torch

    class DependsOnValues(torch.nn.Module):
        def forward(self, x):
            return x if x.sum() > 0 else -x

    assert export_refusal(DependsOnValues(), (2, 3)).startswith("Could not guard on data-dependent expression")
    with pytest.raises(ValueError, match="ReLU: can be exported"):
        export_refusal(torch.nn.ReLU(), (2, 3))
