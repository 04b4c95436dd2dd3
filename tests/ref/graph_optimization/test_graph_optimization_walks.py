"""Looking at graphs: the outline of a function, its bindings, and how often variables are used and functions called."""

import pytest
from graph_programs import Broadcast, TuplesAndBranches, TwoBlocks
from main_of import main_of

from mlc_ref.graph_optimization import programs
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.graph_optimization.visitors import count_calls, count_uses
from mlc_ref.graph_optimization.walk import bindings, outline, producers, use_counts


def names(counts):
    return {var.name: count for var, count in counts.items()}


def test_the_outline_shows_the_objects_of_a_function():
    assert outline(programs.ConstantBranch["main"]) == [
        "Function",
        "  param Var x",
        "  SeqExpr",
        "    DataflowBlock",
        "      VarBinding square",
        "        Call relax.multiply",
        "          GenericConst",
        "          GenericConst",
        "      VarBinding less",
        "        Call relax.subtract",
        "          DataflowVar square",
        "          GenericConst",
        "      VarBinding out",
        "        Call relax.add",
        "          Var x",
        "          DataflowVar less",
        "    body Var out",
    ]


def test_bindings_and_producers_cover_every_block():
    function = main_of(TwoBlocks)
    assert [b.var.name for b in bindings(function)] == ["a", "b", "_", "_1", "c", "d"]
    found = {var.name: value for var, value in producers(function).items()}
    assert found["d"].op.name == "relax.add"
    assert "x" not in found


def test_uses_are_counted_with_repetition_and_being_returned_is_one():
    assert names(use_counts(programs.SharedProduct["main"])) == {
        "x": 1, "w": 1, "b": 1, "product": 2, "total": 1, "active": 1, "out": 1,
    }  # fmt: skip
    assert names(use_counts(main_of(Broadcast)))["returned"] == 2
    assert names(use_counts(main_of(TwoBlocks))) == {"x": 8, "a": 1, "b": 1, "_": 0, "_1": 0, "c": 1, "d": 1}


def test_uses_inside_of_tuples_and_branches_count():
    counted = names(use_counts(main_of(TuplesAndBranches)))
    expected = {"x": 2, "flag": 1, "halves": 2, "left": 2, "right": 3, "spare": 0, "mixed": 1, "pair": 1}
    assert {name: counted[name] for name in expected} == expected


@pytest.mark.parametrize(
    "mod", [programs.Linear, programs.SharedSum, programs.Unused, programs.MultiplyAdd, TwoBlocks, Broadcast]
)
def test_the_visitor_counts_the_uses_the_walk_counts(mod):
    by_hand, visited = use_counts(mod["main"]), count_uses(mod["main"])
    assert {var.name: visited.get(var, 0) for var in by_hand} == names(by_hand)


def test_calls_are_counted_by_name_in_all_functions():
    assert count_calls(programs.Linear) == {"relax.matmul": 2, "relax.add": 2, "relax.nn.relu": 1}
    fused = fuse_linear(programs.Linear)
    calls = {"fused_linear_relu": 1, "fused_linear": 1}
    assert count_calls(fused) == {"relax.matmul": 2, "relax.add": 2, "relax.nn.relu": 1, **calls}
    assert count_calls(programs.Unused) == {
        "relax.nn.relu": 1, "negate": 1, "relax.exp": 1, "double": 1, "mlc_ref.record": 1,
    }  # fmt: skip
