"""Memory of the digits classifiers and of small graphs: allocations, storages that tensors share, bytes."""

import numpy as np
import pytest
from small_graphs import Branches, relu_chain
from tvm import relax

from mlc_ref.end_to_end import programs
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.memory import MemoryPlan, Tensor, lower_calls, memory_plan
from mlc_ref.end_to_end.models import cnn_module


def test_lowering_makes_one_allocation_and_one_bare_call_of_every_call_tir():
    allocate = "relax.builtin.alloc_tensor"
    assert callees(lower_calls(programs.MLP)) == [allocate, "linear0", allocate, "relu0", allocate, "linear1"]


def test_memory_of_the_mlp_is_counted_tensor_by_tensor():
    hidden, scores = (4, 32), (4, 10)
    alone = MemoryPlan((), tuple(Tensor(s, "float32", None) for s in (hidden, hidden, scores)))
    assert memory_plan(programs.MLP, share=False) == alone
    assert alone.total_bytes == (2 * 4 * 32 + 4 * 10) * 4
    # Both hidden values live while ReLU runs, so planning saves nothing here.
    shared = MemoryPlan((512, 512), (*(Tensor(hidden, "float32", i) for i in (0, 1)), Tensor(scores, "float32", None)))
    assert memory_plan(programs.MLP) == shared


@pytest.mark.parametrize(("length", "without", "planned"), [(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 3), (9, 9, 3)])
def test_a_chain_needs_two_storages_and_its_result(length, without, planned):
    mod, one = relu_chain(length), 4 * 64 * 4
    assert memory_plan(mod, share=False).total_bytes == without * one
    assert memory_plan(mod).total_bytes == planned * one


def test_planning_reuses_storage_in_the_cnn_and_never_for_the_result():
    plan = memory_plan(cnn_module(3))
    feature_map, pooled, scores = 3 * 8 * 6 * 6 * 4, 3 * 8 * 3 * 3 * 4, 3 * 10 * 4
    assert memory_plan(cnn_module(3), share=False).total_bytes == 3 * feature_map + pooled + 2 * scores
    assert plan.storages == (feature_map, feature_map, scores)
    assert [t.storage for t in plan.tensors] == [0, 1, 0, 1, 2, None]
    assert plan.total_bytes == 2 * feature_map + 2 * scores


def test_bytes_follow_the_dtype_and_a_scalar_has_one_element():
    assert Tensor((3, 5), "float16", None).bytes == 30
    assert Tensor((), "int64", None).bytes == 8
    assert MemoryPlan((), ()).total_bytes == 0


def test_a_symbolic_graph_is_planned_once_its_symbols_are_bound():
    with pytest.raises(ValueError, match="is symbolic; bind its variables first"):
        memory_plan(programs.SymbolicMLP)
    bound = relax.transform.BindSymbolicVars({"n": 5}, "main")(programs.SymbolicMLP)
    assert memory_plan(bound).total_bytes == (2 * 5 * 32 + 5 * 10) * 4


def test_values_that_live_at_the_same_time_share_nothing():
    plan = memory_plan(Branches)
    assert [t.storage for t in plan.tensors] == [0, 1, 2, None]
    x = np.linspace(-1, 1, 8, dtype="float32")
    assert np.allclose(run_graph(Branches, x), np.abs(x))
