"""What the answers to questions that nobody grades state is so."""

import math
from functools import partial

import pytest
import tvm_ffi
from tvm import relax, te, topi
from tvm.s_tir import Schedule

from mlc_ref.language import Text


def test_the_only_mismatches_of_the_row_maximum_are_two_attributes():
    from mlc_ref.tensor_programs.programs import RowTools

    x, k = te.placeholder((4, 6), "float32", name="X"), te.reduce_axis((0, 6), name="k")
    made = te.create_prim_func([x, te.compute((4,), lambda i: te.max(x[i, k], axis=k), name="M")])
    written, mismatch = RowTools["row_max"], tvm_ffi.get_first_structural_mismatch
    assert "global_symbol" in str(mismatch(made, written)[0])
    made = made.with_attr("global_symbol", "row_max")
    assert "tirx.noalias" in str(mismatch(made, written)[0])
    assert mismatch(made.without_attr("tirx.noalias"), written) is None


def test_the_traffic_of_the_first_program_falls_at_18_and_at_20_lines():
    from mlc_ref.cache_model import traffic
    from mlc_ref.schedules.programs import matmul

    fetched = [traffic(matmul(16, 16, 16), cache_bytes=64 * n).fetched_bytes // 64 for n in (17, 18, 19, 20)]
    assert fetched == [4128, 288, 273, 48]


def test_inlining_before_and_after_moving_gives_one_module():
    from mlc_ref.schedules.programs import chain

    after, before = Schedule(chain(4, 8)), Schedule(chain(4, 8))
    after.compute_at("E", after.get_loops("C")[1])
    after.compute_inline("P")
    before.compute_inline("P")
    before.compute_at("E", before.get_loops("C")[1])
    assert tvm_ffi.structural_equal(after.mod, before.mod)


@pytest.mark.parametrize(("last_reads_first", "storages"), [(False, 2), (True, 3)])
def test_a_chain_of_six_operators_is_drawn_and_needs_so_many_storages(last_reads_first, storages):
    from mlc_ref.end_to_end.memory import memory_plan
    from mlc_ref.end_to_end.pictures import draw_memory

    op, builder = relax.op, relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType((4, 8), "float32"))
    with builder.function("main", [x]):
        with builder.dataflow():
            value = first = builder.emit(op.tanh(x))
            for operator in (op.nn.relu, op.exp, op.sigmoid, op.abs):
                value = builder.emit(operator(value))
            last = partial(op.add, first) if last_reads_first else op.sqrt
            result = builder.emit_output(last(value))
        builder.emit_func_output(result)
    chain = builder.finalize()
    assert len(memory_plan(chain).storages) == storages
    assert draw_memory(chain, Text("a chain", "一条链")).render("en")


def test_neighbouring_seeds_draw_row_tiles_that_follow_one_another():
    from mlc_ref.auto_tuning import space
    from mlc_ref.auto_tuning.decisions import decisions
    from mlc_ref.schedules.programs import matmul

    drawn = [space.draw(matmul(128, 128, 128), space.matmul_space, seed) for seed in range(5, 12)]
    rows = [tiles for tiles in (decisions(each)[0].value for each in drawn) if isinstance(tiles, tuple)]
    assert [tiles[0] for tiles in rows] == [1] * 7
    assert [tiles[2] for tiles in rows] == [16, 8, 8, 4, 2, 2, 1]


def test_with_exp_nothing_of_unused_is_refused_and_nothing_is_removed():
    from mlc_ref.end_to_end.graph import callees
    from mlc_ref.graph_optimization.lowering import OPERATORS, lower_operators
    from mlc_ref.graph_optimization.programs import Unused

    with pytest.raises(ValueError, match=r"relax\.exp"):
        lower_operators(Unused)
    lowered = lower_operators(Unused, {**OPERATORS, "relax.exp": lambda b, call: b.call_te(topi.exp, *call.args)})
    assert len(callees(lowered)) == len(callees(Unused))


def test_what_cannot_be_fused_away_in_the_convolutional_network_is_what_pooling_reads():
    from mlc_ref.end_to_end.models import cnn_module
    from mlc_ref.graph_optimization.lowering import legalize_and_fuse
    from mlc_ref.graph_optimization.passes import MergeLoops
    from mlc_ref.graph_optimization.traffic import intermediates

    given = cnn_module(4)
    merged = MergeLoops(legalize_and_fuse()(given))
    assert [intermediates(mod).between for mod in (given, merged)] == [16320, 6944]
    assert intermediates(merged).inside == 8
    shapes = [b.var.ty.shape for block in merged["main"].body.blocks for b in block.bindings]
    assert max(4 * math.prod(map(int, shape)) for shape in shapes) == 4608
