"""Tensor expressions and the block builder."""

import numpy as np
import pytest
import tvm
from tvm import relax, te, tirx
from tvm.s_tir import Schedule
from tvm_ffi import structural_equal

from mlc_ref import harness
from mlc_ref.end_to_end import reference
from mlc_ref.end_to_end.data import load_digits
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.frameworks import tensor_expressions as expressions
from mlc_ref.frameworks.builder import legalize, mlp_with_operators, mlp_with_te


def blocks(program):
    """Names of the program's blocks, in order."""
    schedule = Schedule(tvm.IRModule({"main": program}))
    return [schedule.get(b).name_hint for b in schedule.get_child_blocks(schedule.get_sblock("root"))]


def run(program, *inputs, outputs):
    return harness.run(tvm.IRModule({"main": program}), inputs, outputs)


def arrays(*shapes):
    rng = np.random.default_rng(len(shapes))
    return [rng.standard_normal(shape).astype("float32") for shape in shapes]


@pytest.mark.parametrize(("n", "k", "m"), [(1, 1, 1), (3, 5, 2), (7, 1, 4)])
def test_matmul_and_linear_fit_every_shape(n, k, m):
    a, b = arrays((n, k), (k, m))
    (c,) = run(expressions.tensor_program(expressions.matmul, (n, k), (k, m)), a, b, outputs=[((n, m), "float32")])
    assert np.allclose(c, a.astype("float64") @ b, atol=1e-5)
    x, w, bias = arrays((n, k), (m, k), (m,))
    program = expressions.tensor_program(expressions.linear, (n, k), (m, k), (m,))
    (y,) = run(program, x, w, bias, outputs=[((n, m), "float32")])
    assert np.allclose(y, reference.linear(x, w, bias), atol=1e-5)


def test_a_symbolic_matmul_is_one_program_for_all_extents():
    n, k = tirx.Var("n", "int64"), tirx.Var("k", "int64")
    executable = harness.build(tvm.IRModule({"main": expressions.tensor_program(expressions.matmul, (n, k), (k, 3))}))
    for rows, length in [(1, 1), (4, 9)]:
        a, b = arrays((rows, length), (length, 3))
        (c,) = harness.run(executable, [a, b], [((rows, 3), "float32")])
        assert np.allclose(c, a.astype("float64") @ b, atol=1e-5)


def test_composition_makes_a_block_for_every_stage():
    assert blocks(expressions.tensor_program(expressions.linear, (3, 5), (2, 5), (2,))) == [
        "transposed",
        "matmul",
        "add_bias",
    ]


def test_a_bias_goes_along_the_last_axis_of_any_rank():
    x, b = arrays((2, 3, 4), (4,))
    (y,) = run(expressions.tensor_program(expressions.add_bias, (2, 3, 4), (4,)), x, b, outputs=[(x.shape, "float32")])
    assert np.array_equal(y, x + b)


@pytest.mark.parametrize(
    ("function", "shapes", "message"),
    [
        (expressions.matmul, [(2, 3), (4, 5)], "matmul: got extents 3 and 4, which must be equal"),
        (expressions.add_bias, [(2, 3), (2,)], "add_bias: got extents 3 and 2, which must be equal"),
        (expressions.linear, [(2, 3), (3, 4), (4,)], "matmul: got extents 3 and 4"),
    ],
)
def test_extents_that_do_not_fit_are_refused(function, shapes, message):
    with pytest.raises(ValueError, match=message):
        expressions.tensor_program(function, *shapes)


def test_relu_keeps_shape_and_dtype():
    x = te.placeholder((2, 3), "float16")
    y = expressions.relu(x)
    assert (tuple(map(int, y.shape)), str(y.dtype)) == ((2, 3), "float16")
    (out,) = run(
        expressions.tensor_program(expressions.relu, (5,)),
        np.array([-2, -0.5, 0, 1, 3], "float32"),
        outputs=[((5,), "float32")],
    )
    assert out.tolist() == [0, 0, 0, 1, 3]


@pytest.mark.parametrize("shape", [(1, 1), (3, 7)])
def test_softmax_is_four_stages_and_survives_large_values(shape):
    program = expressions.tensor_program(expressions.row_softmax, shape)
    assert blocks(program) == ["largest", "powers", "total", "softmax"]
    (x,) = arrays(shape)
    x += 1000
    (y,) = run(program, x, outputs=[(shape, "float32")])
    powers = np.exp(x.astype("float64") - x.max(axis=1, keepdims=True))
    assert np.allclose(y, powers / powers.sum(axis=1, keepdims=True), rtol=1e-5)


def test_a_reduction_inside_an_expression_is_refused():
    x = te.placeholder((4, 4), "float32")
    k = te.reduce_axis((0, 4))
    with pytest.raises(Exception, match="Reductions are only allowed at the top level"):
        te.compute((4,), lambda i: te.sum(x[i, k], axis=k) + x[i, 0])


def test_an_intermediate_is_hidden_materialized_or_inlined():
    def last(x):
        return expressions.scale_and_shift(x, 2, 1)[1]

    hidden = expressions.tensor_program(last, (4,))
    kept = expressions.tensor_program(lambda x: expressions.scale_and_shift(x, 2, 1), (4,))
    inlined = expressions.tensor_program(lambda x: expressions.scale_and_shift_inlined(x, 2, 1), (4,))
    assert [blocks(p) for p in (hidden, kept, inlined)] == [["scaled", "shifted"], ["scaled", "shifted"], ["shifted"]]
    assert [len(p.params) for p in (hidden, kept, inlined)] == [2, 3, 2]
    assert [len(p.body.block.alloc_buffers) for p in (hidden, kept, inlined)] == [1, 0, 0]
    x = np.array([0, 1, 2, -3], "float32")
    one = ((4,), "float32")
    assert run(hidden, x, outputs=[one])[0].tolist() == run(inlined, x, outputs=[one])[0].tolist() == [1, 3, 5, -5]
    assert [y.tolist() for y in run(kept, x, outputs=[one, one])] == [[0, 2, 4, -6], [1, 3, 5, -5]]


@pytest.mark.parametrize("build", [mlp_with_te, mlp_with_operators])
@pytest.mark.parametrize("batch", [None, 1, 3])
def test_the_built_mlp_computes_the_scores(build, batch):
    weights, images = load_weights("mlp"), load_digits().test_images[: batch or 5]
    scores = run_graph(build(batch), images, *weights.values())
    assert np.allclose(scores, reference.mlp(images, weights), atol=1e-4)


@pytest.mark.parametrize("build", [mlp_with_te, mlp_with_operators])
def test_a_batch_of_no_image_is_refused(build):
    with pytest.raises(ValueError, match="batch: got 0, allowed 1 and above"):
        build(0)


def test_emit_te_adds_programs_and_operators_add_none():
    names = sorted(g.name_hint for g in mlp_with_te(2).get_global_vars())
    assert callees(mlp_with_te(2)) == ["linear", "relu", "linear1"]
    assert names == ["linear", "linear1", "main", "relu"]
    assert [g.name_hint for g in mlp_with_operators(2).get_global_vars()] == ["main"]


def test_emit_te_adds_equal_programs_once():
    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType((3,), "float32"))
    with builder.function("main", [x]):
        with builder.dataflow():
            out = builder.emit_output(builder.emit_te(expressions.relu, builder.emit_te(expressions.relu, x)))
        builder.emit_func_output(out)
    assert callees(builder.finalize()) == ["relu", "relu"]


def test_legalization_turns_every_operator_into_a_call_of_a_program():
    high = mlp_with_operators(2)
    layer = ["relax.permute_dims", "relax.matmul", "relax.add"]
    assert callees(high) == [*layer, "relax.nn.relu", *layer]
    low = legalize(high)
    assert callees(low) == ["transpose", "matmul", "add", "relu", "transpose1", "matmul1", "add1"]
    assert {g.name_hint for g, f in low.functions_items() if isinstance(f, tirx.PrimFunc)} == set(callees(low))
    assert structural_equal(legalize(low), low)


def test_the_stem_imports_no_torch():
    import subprocess
    import sys

    code = (
        "import sys; from mlc_ref.frameworks import builder, compare, importer, networks, operators, unsupported;"
        "print('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_a_rule_of_ones_own_comes_before_tvms_and_has_to_return_something():
    from tvm import relax

    operators = mlp_with_operators(2)
    same = legalize(operators, {"relax.nn.relu": lambda builder, call: relax.op.abs(call.args[0])})
    assert "tir_abs" in callees(same)
    with pytest.raises(
        ValueError, match=r"rule of relax\.nn\.relu: got NoneType, allowed an expression; return the call"
    ):
        legalize(operators, {"relax.nn.relu": lambda builder, call: None})
