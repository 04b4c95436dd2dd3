"""Every pass over networks imported from PyTorch: numbers stay, modules stay well formed, the input stays as it was."""

import re

import numpy as np
import pytest
import tvm
from main_of import main_of
from networks import cases
from tvm import relax
from tvm.relax.analysis import check_well_formed
from tvm.script import ir as I
from tvm.script import relax as R
from tvm_ffi import structural_equal

from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.frameworks.compare import import_with_tvm
from mlc_ref.graph_optimization import passes
from mlc_ref.graph_optimization.dead_code import without_dead_code
from mlc_ref.graph_optimization.layout import channels_last
from mlc_ref.graph_optimization.lowering import OPERATORS, legalize_and_fuse, lower_operators
from mlc_ref.graph_optimization.multiply_add import rewrite_multiply_add
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.graph_optimization.patterns import fuse_linear_by_pattern, rewrite_multiply_add_by_pattern
from mlc_ref.harness import build
from mlc_ref.targets import cpu_target

# A pass may refuse a network with a ValueError that names function and operator; no other error leaves it.
EVERYWHERE = {
    "constants": passes.FoldConstants,
    "common subexpressions": passes.EliminateCommonSubexpressions,
    "dead code": passes.EliminateDeadCode,
    "multiply-add": passes.RewriteMultiplyAdd,
    "multiply-add by pattern": rewrite_multiply_add_by_pattern,
    "groups": passes.FuseLinear,
    "groups by pattern": fuse_linear_by_pattern,
    "simplify": passes.simplify(),
    "TVM's road, merged": lambda mod: passes.MergeLoops(legalize_and_fuse()(mod)),
}
REFUSING = {"channels last": channels_last, "own operators": lower_operators, "optimize": passes.optimize()}
# To compile these takes seconds: their numbers are compared after compositions, which hold the other passes.
LARGE = ("LSTM", "GRU", "language model")
ALWAYS_RUN = (EVERYWHERE["simplify"], EVERYWHERE["TVM's road, merged"])
NAMES = [
    *("branches", "branches in branches", "a layer in a branch", "aliases", "a product that broadcasts"),
    *("several results", "repeated and dead values", "inputs as results", "assignments to elements", "constants"),
    *("tied weights", "the last element", "indices that are computed", "perceptron", "perceptron, symbolic batch"),
    *("convolutions", "convolutions, symbolic batch", "groups", "one-dimensional convolution"),
    *("transposed convolution", "multiply and add", "multiply and add, symbolic batch", "rows joined, symbolic batch"),
    *("vector times matrix", "normalization", "LSTM", "GRU", "embedding", "attention", "attention, symbolic batch"),
    "language model",
]


def run(mod, arguments):
    """Compiled without optimization, which takes a third of the time."""
    target = tvm.target.Target({**cpu_target().export(), "opt-level": 0})
    result = run_graph(build(mod, target), *arguments)
    return result if isinstance(result, tuple) else (result,)


def after(rewrite, mod, may_refuse):
    """The module after a pass, or None where it refuses; the module given is the same as before."""
    before = mod.script(show_meta=True)
    try:
        rewritten = rewrite(mod)
    except ValueError as error:
        if not (may_refuse and re.search(r"function '\w+'.*relax\.", str(error))):
            raise
        rewritten = None
    assert mod.script(show_meta=True) == before
    return rewritten


def same(expected, found):
    assert [e.shape for e in expected] == [f.shape for f in found]
    assert all(np.allclose(e, f, rtol=1e-4, atol=1e-5) for e, f in zip(expected, found, strict=True))


def test_the_list_of_networks_is_complete():
    assert list(cases()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_passes_keep_what_an_imported_network_computes(name):
    case = cases()[name]
    imported = import_with_tvm(case.export())
    arguments = (*case.inputs, *imported.weights.values())
    expected = run(imported.module, arguments)
    seen = [imported.module]
    for rewrite in (*EVERYWHERE.values(), *REFUSING.values()):
        rewritten = after(rewrite, imported.module, rewrite in REFUSING.values())
        if rewritten is None or any(structural_equal(rewritten, each) for each in seen):
            continue
        seen.append(rewritten)
        assert check_well_formed(rewritten)
        if name in LARGE and rewrite not in ALWAYS_RUN:
            continue
        same(expected, run(rewritten, arguments))


@I.ir_module
class Branch:
    """A value in one branch, in the other, and again after both."""

    @R.function
    def main(x: R.Tensor((3, 4), "float32"), c: R.Tensor((), "bool")) -> R.Tensor((3, 4), "float32"):
        before = R.tanh(x)
        if c:
            a = R.exp(x)
            y = R.add(a, a)
        else:
            b = R.exp(x)
            y = R.multiply(b, x)
        z = R.exp(x)
        again = R.tanh(x)
        total = R.add(R.add(z, y), R.add(before, again))
        return total


@pytest.mark.parametrize("taken", [False, True])
def test_a_value_of_a_branch_is_not_known_after_it_and_one_before_it_is(taken):
    x = np.random.default_rng(0).standard_normal((3, 4)).astype("float32")
    after = passes.EliminateCommonSubexpressions(Branch)
    assert check_well_formed(after)
    assert callees(after).count("relax.tanh") == 1
    same(run(Branch, (x, np.array(taken))), run(after, (x, np.array(taken))))


def module_of(*types):
    """Make a module whose ``main`` takes tensors of these types and returns what the decorated function emits."""

    def decorate(body):
        builder = relax.BlockBuilder()
        params = [relax.Var(f"p{n}", each) for n, each in enumerate(types)]
        with builder.function("main", params):
            with builder.dataflow():
                out = builder.emit_output(body(builder, *params))
            builder.emit_func_output(out)
        return builder.finalize()

    return decorate


def test_a_function_that_is_a_value_is_read_where_it_is_called():
    @I.ir_module
    class Closure:
        @R.function
        def main(x: R.Tensor((4,), "float32")) -> R.Tensor((4,), "float32"):
            scale = R.exp(x)

            @R.function
            def scaled(y: R.Tensor((4,), "float32")) -> R.Tensor((4,), "float32"):
                out = R.multiply(y, scale)
                return out

            result = scaled(x)
            return result

    assert len(without_dead_code(main_of(Closure)).body.blocks[0].bindings) == 3


def test_a_group_keeps_the_dtype_its_product_had():
    half, single = (relax.TensorType(shape, dtype) for shape, dtype in (((4, 4), "float16"), ((4,), "float32")))

    @module_of(half, half, single)
    def mod(builder, x, w, b):
        return relax.op.add(builder.emit(relax.op.matmul(x, w, out_dtype="float32")), b)

    fused = fuse_linear(mod)
    assert callees(fused) == ["fused_linear"]
    assert str(fused["main"].ret_ty.dtype) == "float32"


def test_what_no_group_could_tell_from_its_operands_is_not_fused():
    n = tvm.tirx.Var("n", "int64")
    types = [relax.TensorType(shape, "float32") for shape in ((n, 4), (4, 3), (3,))]

    @module_of(*types)
    def mod(builder, x, w, b):
        twice = builder.emit(relax.op.concat([x, x]))
        return relax.op.add(builder.emit(relax.op.matmul(twice, w)), b)

    assert check_well_formed(fuse_linear(mod))
    assert "fused_linear" not in callees(fuse_linear(mod))


@pytest.mark.parametrize("rewrite", [rewrite_multiply_add, rewrite_multiply_add_by_pattern])
def test_sums_of_tensors_of_unknown_shape_stay(rewrite):
    @module_of(*[relax.TensorType(dtype="float32", ndim=2)] * 3)
    def mod(builder, x, y, z):
        return relax.op.add(builder.emit(relax.op.multiply(x, y)), z)

    assert callees(rewrite(mod)) == ["relax.multiply", "relax.add"]


def product(*shapes):
    @module_of(*[relax.TensorType(shape, "float32") for shape in shapes])
    def mod(builder, x, w):
        return relax.op.matmul(x, w)

    return mod


@pytest.mark.parametrize("shapes", [((4,), (4, 5)), ((2, 3, 4), (2, 4, 5))])
def test_a_lowering_that_fails_names_operator_and_place(shapes):
    with pytest.raises(ValueError, match=r"function 'main': operator relax.matmul on R.Tensor\(\((4,|2, 3, 4)\)"):
        lower_operators(product(*shapes))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (lambda builder, call: None, "got NoneType, allowed an expression; return what it becomes"),
        (lambda builder, call: relax.op.astype(call.args[0], "float16"), "got dtype and rank .'float16', 2., allowed"),
        (lambda builder, call: call.args[2], "the operator map cannot lower it: "),
    ],
)
def test_a_rule_of_an_operator_map_that_is_wrong_is_refused(rule, said):
    with pytest.raises(ValueError, match=f"operator relax.matmul on .*{said}"):
        lower_operators(product((3, 4), (4, 5)), {**OPERATORS, "relax.matmul": rule})


@pytest.mark.parametrize(
    ("operator", "body"),
    [
        ("relax.squeeze", lambda builder, x: relax.op.squeeze(x, [-4])),
        ("relax.stack", lambda builder, x: relax.op.stack([x, x], 1)),
        ("relax.nn.dropout", lambda builder, x: builder.emit(relax.op.nn.dropout(x, 0.5))[0]),
    ],
)
def test_a_layout_that_tvm_cannot_carry_on_names_operator_and_place(operator, body):
    @module_of(relax.TensorType((1, 4, 6, 6), "float32"), relax.TensorType((4, 4, 3, 3), "float32"))
    def mod(builder, x, w):
        active = builder.emit(relax.op.nn.relu(builder.emit(relax.op.nn.conv2d(x, w))))
        return relax.op.nn.relu(builder.emit(body(builder, active)))

    with pytest.raises(ValueError, match=f"function 'main', lv2 = {operator}: TVM's ConvertLayout stops here"):
        channels_last(mod)


def test_a_module_without_a_convolution_keeps_its_layout():
    # TVM's ConvertLayout runs out of memory over an axis counted from the end.
    @module_of(relax.TensorType((3, 1), "float32"))
    def mod(builder, x):
        return relax.op.squeeze(x, [-1])

    assert channels_last(mod) is mod
