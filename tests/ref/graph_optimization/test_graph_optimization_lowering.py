"""From graphs to fused tensor programs: lowering, merging, layouts, pipelines, and bytes by count."""

import numpy as np
import pytest
import tvm
from graph_stages import digits_mlp, programs_of, scores_match
from tvm import relax, te, topi
from tvm.s_tir import Schedule
from tvm_ffi import structural_equal

from mlc_ref import harness
from mlc_ref.end_to_end import reference
from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.frameworks import tensor_expressions as expressions
from mlc_ref.frameworks.builder import mlp_with_operators
from mlc_ref.graph_optimization import passes, programs
from mlc_ref.graph_optimization.layout import channels_last
from mlc_ref.graph_optimization.loop_fusion import merge_loops
from mlc_ref.graph_optimization.lowering import (
    OPERATORS,
    lower_groups,
    lower_operators,
    op_patterns,
)
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.graph_optimization.traffic import bound

FLOAT = 4
HIDDEN, SCORES = 4 * 32 * FLOAT, 4 * 10 * FLOAT
WEIGHTS = 64 * 32 * FLOAT + 32 * 10 * FLOAT


def loops(program):
    """``(extent, names of the blocks directly inside)`` of every loop, outermost first."""
    from mlc_ref.checks.sites import sites

    return {s.realize.block.name_hint: [int(loop.extent) for loop in s.loops] for s in sites(program) if s.loops}


def shared_loops(program, first, second):
    """How many loops two blocks have in common."""
    from mlc_ref.checks.sites import sites

    by_name = {s.realize.block.name_hint: s.loops for s in sites(program)}
    return sum(a.same_as(b) for a, b in zip(by_name[first], by_name[second], strict=False))


def test_the_own_operator_map_lowers_every_operator():
    mod = bound(programs.Linear, n=3)
    after = lower_operators(mod)
    assert callees(after) == ["matmul", "add", "relu", "matmul1", "add1"]
    assert programs_of(after) == sorted(callees(after))
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal(s).astype("float32") for s in ((3, 6), (6, 5), (5,), (5, 2), (2,))]
    assert np.allclose(run_graph(after, *inputs), run_graph(mod, *inputs), atol=1e-5)


def test_the_own_map_and_legalization_call_the_same_programs():
    legal = relax.transform.LegalizeOps()(digits_mlp())
    assert callees(lower_operators(digits_mlp())) == callees(legal)


def test_lowering_twice_changes_nothing():
    once = lower_operators(programs.Linear)
    assert structural_equal(lower_operators(once), once)


def test_an_operator_that_is_not_in_the_map_is_named_with_its_function():
    with pytest.raises(
        ValueError, match=r"function 'main': got operator relax\.exp, allowed relax\.add, relax\.matmul"
    ):
        lower_operators(programs.Unused)


def test_the_map_is_extended_by_an_entry():
    extended = {**OPERATORS, "relax.exp": lambda builder, call: builder.call_te(topi.exp, *call.args)}
    assert callees(lower_operators(programs.Unused, extended))[:4] == ["relu", "negate", "exp", "double"]


@pytest.mark.parametrize("axes", [None, [1, 0, 2], [2, 0, 1]])
def test_transposes_keep_their_axes(axes):
    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType((2, 3, 4), "float32"))
    with builder.function("main", [x]):
        builder.emit_func_output(builder.emit(relax.op.permute_dims(x, axes)))
    value = np.arange(24, dtype="float32").reshape(2, 3, 4)
    assert np.array_equal(run_graph(lower_operators(builder.finalize()), value), np.transpose(value, axes))


def test_each_group_becomes_one_tensor_program_and_the_parts_go():
    after = lower_groups(fuse_linear(bound(programs.Linear, n=3)))
    assert callees(after) == programs_of(after)[::-1] == ["fused_linear_relu", "fused_linear"]
    schedule = Schedule(tvm.IRModule({"main": after["fused_linear_relu"]}))
    stages = [schedule.get(b).name_hint for b in schedule.get_child_blocks(schedule.get_sblock("root"))]
    assert stages == ["matmul", "T_add", "relu"]


def test_a_symbolic_batch_goes_all_the_way_down():
    after = passes.optimize()(bind_weights(mlp_with_operators(None), load_weights("mlp")))
    assert callees(after) == ["fused_linear_relu", "fused_linear"]
    for count in (1, 9):
        scores_match(after, count)


def test_merging_leaves_one_loop_nest_and_one_element_of_scratch():
    merged = merge_loops(lower_groups(fuse_linear(bound(programs.Linear, n=3)))["fused_linear_relu"])
    assert loops(merged) == {"matmul": [3, 5, 6], "relu": [3, 5]}
    assert shared_loops(merged, "matmul", "relu") == 2


@pytest.mark.parametrize(("n", "k", "m"), [(1, 1, 1), (3, 5, 7)])
def test_merged_programs_compute_the_same(n, k, m):
    def layer(x, w, b):
        return expressions.relu(expressions.linear(x, w, b))

    program = merge_loops(expressions.tensor_program(layer, (n, k), (m, k), (m,)))
    rng = np.random.default_rng(n)
    x, w, b = (rng.standard_normal(shape).astype("float32") for shape in ((n, k), (m, k), (m,)))
    (y,) = harness.run(tvm.IRModule({"main": program}), [x, w, b], [((n, m), "float32")])
    assert np.allclose(y, reference.relu(reference.linear(x, w, b)), atol=1e-5)
    assert len(loops(program)) == 2


def mirrored(x, w):
    product = expressions.matmul(x, w)
    m = product.shape[1]
    return te.compute(product.shape, lambda i, j: product[i, j] + product[i, m - 1 - j], name="mirrored")


def centred(x):
    k = te.reduce_axis((0, x.shape[1]))
    total = te.compute((x.shape[0],), lambda i: te.sum(x[i, k], axis=k), name="total")
    return te.compute(x.shape, lambda i, j: x[i, j] - total[i], name="centred")


def doubled_total(x):
    k = te.reduce_axis((0, x.shape[0]))
    total = te.compute((), lambda: te.sum(x[k], axis=k), name="total")
    return te.compute((), lambda: total() * 2.0, name="doubled")


def merged_results(function, *shapes, out):
    program = merge_loops(expressions.tensor_program(function, *shapes))
    inputs = [np.random.default_rng(1).standard_normal(shape).astype("float32") for shape in shapes]
    return program, inputs, harness.run(tvm.IRModule({"main": program}), inputs, [(s, "float32") for s in out])


def test_a_reader_of_other_elements_is_not_moved_into_the_loops():
    program, (x, w), (y,) = merged_results(mirrored, (3, 4), (4, 5), out=[(3, 5)])
    assert shared_loops(program, "matmul", "mirrored") == 0
    assert np.allclose(y, x @ w + (x @ w)[:, ::-1], atol=1e-5)


def test_a_reader_of_the_rows_total_shares_the_rows_loop():
    program, (x,), (y,) = merged_results(centred, (4, 3), out=[(4, 3)])
    assert shared_loops(program, "total", "centred") == 1
    assert np.allclose(y, x - x.sum(axis=1, keepdims=True), atol=1e-5)


def test_a_reduction_to_one_element_has_no_loop_to_share():
    _, (x,), (y,) = merged_results(doubled_total, (5,), out=[()])
    assert y == pytest.approx(2 * x.sum(), rel=1e-5)


def test_a_result_is_not_inlined_away():
    def both(x):
        return expressions.scale_and_shift(x, 2, 1)

    program, (x,), (scaled, shifted) = merged_results(both, (4,), out=[(4,), (4,)])
    assert len(loops(program)) == 2
    assert np.allclose(scaled, 2 * x)
    assert np.allclose(shifted, 2 * x + 1)


def test_several_reductions_stay_as_they_are_after_inlining():
    program, (x,), (y,) = merged_results(expressions.row_softmax, (2, 3), out=[(2, 3)])
    assert list(loops(program)) == ["largest", "total", "softmax"]
    powers = np.exp(x.astype("float64"))
    assert np.allclose(y, powers / powers.sum(axis=1, keepdims=True), rtol=1e-5)


def test_a_reduction_with_its_reduction_loop_outside_is_left_alone():
    program = expressions.tensor_program(lambda x, w: expressions.relu(expressions.matmul(x, w)), (3, 4), (4, 5))
    schedule = Schedule(tvm.IRModule({"main": program}))
    i, j, k = schedule.get_loops(schedule.get_sblock("matmul"))
    schedule.reorder(k, i, j)
    assert shared_loops(merge_loops(schedule.mod["main"]), "matmul", "relu") == 0


def test_kinds_of_programs_are_named():
    kinds = op_patterns(relax.transform.LegalizeOps()(digits_mlp()))
    assert kinds["matmul"] == kinds["matmul1"] == "fusable output"
    assert kinds["relu"] == "elementwise"
    assert kinds["transpose"] == "injective"


@pytest.mark.parametrize(
    ("function", "shapes", "kind"),
    [
        (expressions.add_bias, [(2, 3), (3,)], "elementwise"),
        (lambda x: topi.broadcast_to(x, (4, 3)), [(3,)], "broadcast"),
        (topi.transpose, [(2, 3)], "injective"),
        (lambda x: topi.sum(x, 1), [(2, 3)], "reduction"),
        (expressions.matmul, [(2, 3), (3, 2)], "fusable output"),
        (lambda x: topi.sort(x, 0), [(3, 3)], "opaque"),
    ],
)
def test_the_kind_of_a_program_follows_from_its_indices(function, shapes, kind):
    assert op_patterns(tvm.IRModule({"f": expressions.tensor_program(function, *shapes)})) == {"f": kind}


def test_channels_last_permutes_around_the_convolution_and_keeps_the_numbers():
    from mlc_ref.end_to_end.train import trained_network
    from mlc_ref.frameworks.importer import import_program
    from mlc_ref.frameworks.networks import export_network

    imported = import_program(export_network(trained_network("cnn"), (2, 1, 8, 8)))
    after = channels_last(imported.module)
    convolution = next(b.value for b in after["main"].body.blocks[0].bindings if "conv2d" in str(b.value))
    assert (convolution.attrs.data_layout, convolution.attrs.kernel_layout) == ("NHWC", "OHWI")
    # Image, filters, bias and features change layout; the transpose of the last layer was there before.
    assert callees(after).count("relax.permute_dims") == callees(imported.module).count("relax.permute_dims") + 4
    images = as_images(load_digits().test_images[:2])
    assert np.allclose(
        run_graph(after, images, *imported.weights.values()), reference.cnn(images, load_weights("cnn")), atol=1e-4
    )
