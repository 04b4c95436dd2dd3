"""The digits classifiers as Relax modules: run, bind, export, look inside."""

import numpy as np
import pytest
import tvm
from main_of import main_of
from small_graphs import Branches, relu_chain
from tvm import relax
from tvm.error import DiagnosticError
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.sym import Analyzer

from mlc_ref import harness
from mlc_ref.end_to_end import libraries, programs, reference
from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.deploy import called, export, instructions, load, run_graph
from mlc_ref.end_to_end.graph import callee_name, callees
from mlc_ref.end_to_end.models import bind_weights, cnn_module
from mlc_ref.end_to_end.weights import load_weights

WEIGHTS = load_weights("mlp")


@pytest.fixture(autouse=True)
def _registered():
    libraries.register_libraries()


def images(n):
    return load_digits().test_images[:n]


def test_the_graph_of_the_mlp_computes_the_scores():
    scores = run_graph(programs.MLP, images(4), *WEIGHTS.values())
    assert np.allclose(scores, reference.mlp(images(4), WEIGHTS), atol=1e-4)


def test_the_static_mlp_refuses_another_batch_and_says_which_parameter():
    with pytest.raises(RuntimeError, match=r"param=x.*shape\[0\] mismatch"):
        run_graph(programs.MLP, images(5), *WEIGHTS.values())


@pytest.mark.parametrize("name", ["SymbolicMLP", "LibraryMLP"])
@pytest.mark.parametrize("n", [1, 3, 17])
def test_any_batch_goes_through_the_symbolic_and_the_library_version(name, n):
    scores = run_graph(getattr(programs, name), images(n), *WEIGHTS.values())
    assert scores.shape == (n, 10)
    assert np.allclose(scores, reference.mlp(images(n), WEIGHTS), atol=1e-4)


def test_library_and_tensorir_calls_stand_side_by_side_in_one_graph():
    assert callees(programs.LibraryMLP) == ["mlc_ref.linear", "relu", "mlc_ref.linear"]
    assert called(harness.build(programs.LibraryMLP)) == ["shape_func", "mlc_ref.linear", "relu", "mlc_ref.linear"]


def test_a_library_function_nobody_registered_stops_the_virtual_machine():
    text = programs.LibraryMLP.script().replace("mlc_ref.linear", "mlc_ref.nowhere")
    with pytest.raises(tvm.error.InternalError, match=r"Cannot find .*mlc_ref\.nowhere"):
        run_graph(tvm.script.from_source(text), images(1), *WEIGHTS.values())


def test_symbolic_shapes_are_deduced_through_operators():
    row, twice = programs.Flattened["main"].ret_ty.fields
    n = programs.Flattened["main"].params[0].ty.shape[0]
    assert Analyzer().can_prove_equal(row.shape[0], n * 64)
    assert Analyzer().can_prove_equal(twice.shape[0], n * 128)
    x = as_images(images(3))
    values = run_graph(programs.Flattened, x)
    assert np.array_equal(values[0], x.reshape(-1))
    assert np.array_equal(values[1], np.concatenate([x.reshape(-1)] * 2))


def test_tensors_tuples_and_shapes_travel_through_a_graph():
    scores, labels = np.arange(10, dtype="float32"), np.arange(10)
    result = run_graph(programs.GraphValues, images(2), (scores, labels), tvm.runtime.ShapeTuple([2, 64]))
    assert np.array_equal(result[0], images(2))
    assert np.array_equal(result[1], scores)
    assert result[2:] == ((2, 64), (2, 32))


def test_a_shape_parameter_must_agree_with_the_tensor_of_the_same_symbol():
    pair = (np.zeros(10, "float32"), np.zeros(10, "int64"))
    with pytest.raises(RuntimeError, match="param=shape"):
        run_graph(programs.GraphValues, images(2), pair, tvm.runtime.ShapeTuple([3, 64]))


def test_the_side_effect_happens_once_between_the_two_pure_regions():
    before = len(libraries.RECORDED)
    x = np.array([range(-5, 5)], "float32")
    squares = run_graph(programs.LoggedReLU, x)
    assert [r.tolist() for r in libraries.RECORDED[before:]] == [np.maximum(x, 0).tolist()]
    assert squares.tolist() == (np.maximum(x, 0) ** 2).tolist()
    kinds = [type(block) for block in programs.LoggedReLU["main"].body.blocks]
    assert kinds == [relax.DataflowBlock, relax.BindingBlock, relax.DataflowBlock]
    assert not programs.LoggedReLU["main"].is_pure
    assert programs.MLP["main"].is_pure


def test_a_side_effect_in_a_function_declared_pure_is_refused():
    with pytest.raises(DiagnosticError, match="not well-formed"):

        @R.function
        def main(x: R.Tensor((4,), "float32")):
            _ = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
            return x


def test_a_side_effect_in_a_dataflow_block_is_refused():
    with pytest.raises(DiagnosticError, match="not well-formed"):

        @R.function(pure=False)
        def main(x: R.Tensor((4,), "float32")):
            with R.dataflow():
                _ = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
                y = R.nn.relu(x)
                R.output(y)
            return y


def test_a_value_not_put_out_ends_with_its_dataflow_block():
    with pytest.raises(DiagnosticError, match="Undefined variable: y"):

        @R.function
        def main(x: R.Tensor((4,), "float32")):
            with R.dataflow():
                y = R.nn.relu(x)
                z = R.nn.relu(y)
                R.output(z)
            return y


@pytest.mark.parametrize("batch", [None, 1, 5])
def test_the_cnn_built_with_emit_te_computes_the_scores(batch):
    weights, x = load_weights("cnn"), as_images(images(batch or 3))
    scores = run_graph(cnn_module(batch), x, *weights.values())
    assert np.allclose(scores, reference.cnn(x, weights), atol=1e-4)


def test_every_layer_of_the_cnn_is_a_tensor_program_called_once():
    mod = cnn_module(2)
    names = callees(mod)
    assert names == ["conv2d", "reshape", "add", "relu", "pool2d", "flatten", "matmul", "add1"]
    assert sorted(names) == sorted(g.name_hint for g in mod.get_global_vars() if g.name_hint != "main")


def test_a_batch_of_no_image_is_refused():
    with pytest.raises(ValueError, match="batch: got 0, allowed 1 and above"):
        cnn_module(0)


def test_bound_weights_become_constants_and_leave_the_parameter_list():
    bound = bind_weights(programs.SymbolicMLP, WEIGHTS)
    assert [p.name for p in bound["main"].params] == ["x"]
    assert len(programs.SymbolicMLP["main"].params) == 5
    linear0 = bound["main"].body.blocks[0].bindings[0].value
    assert np.array_equal(linear0.args[1][1].value.numpy(), WEIGHTS["w0"])
    assert np.allclose(run_graph(bound, images(6)), reference.mlp(images(6), WEIGHTS), atol=1e-4)


def test_binding_some_weights_keeps_the_others_in_order():
    bound = bind_weights(programs.SymbolicMLP, {"b0": WEIGHTS["b0"], "w0": WEIGHTS["w0"]})
    assert [p.name for p in bound["main"].params] == ["x", "w1", "b1"]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"w7": np.zeros(1, "float32")}, "got 'w7', allowed the parameters of 'main': x, w0, b0, w1, b1"),
        ({"w0": np.zeros((64, 32), "float32")}, r"'w0': got float32 \(64, 32\), the parameter is float32 \(32, 64\)"),
        ({"b0": np.zeros(32)}, r"'b0': got float64 \(32,\), the parameter is float32 \(32\)"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        bind_weights(programs.SymbolicMLP, weights)


def test_an_exported_model_needs_only_its_file(tmp_path):
    path = export(harness.build(bind_weights(programs.SymbolicMLP, WEIGHTS)), tmp_path / "mlp.so")
    assert np.allclose(run_graph(load(path), images(3)), reference.mlp(images(3), WEIGHTS), atol=1e-4)


def test_export_and_load_refuse_wrong_paths(tmp_path):
    with pytest.raises(ValueError, match=r"got 'mlp\.bin', allowed a name that ends in '\.so'"):
        export(harness.build(relu_chain(1)), tmp_path / "mlp.bin")
    with pytest.raises(FileNotFoundError, match=r"nowhere\.so does not exist"):
        load(tmp_path / "nowhere.so")


def test_instructions_of_the_virtual_machine_are_calls_in_the_order_of_the_graph():
    executable = harness.build(programs.MLP)
    assert called(executable) == ["linear0", "relu0", "linear1"]
    lines = instructions(executable)
    assert any(line.startswith("call linear0 in: %0, %1, %2,") for line in lines)
    assert lines[-1].startswith("ret %")


def test_instructions_of_an_unknown_function_are_refused():
    with pytest.raises(ValueError, match="got 'train', allowed main"):
        instructions(harness.build(relu_chain(1)), "train")


def test_modules_written_as_tvmscript_are_well_formed():
    for name in ("MLP", "SymbolicMLP", "LibraryMLP", "LoggedReLU", "Flattened", "GraphValues"):
        mod = getattr(programs, name)
        assert isinstance(mod, tvm.IRModule)
        assert relax.analysis.check_well_formed(mod), name


def test_a_callee_is_an_operator_a_program_a_library_function_or_a_local_function():
    assert callees(Branches) == ["relax.nn.relu", "relax.negative", "relax.nn.relu", "relax.add"]
    assert callees(programs.MLP) == ["linear0", "relu0", "linear1"]
    assert callees(programs.LoggedReLU) == ["relax.nn.relu", "mlc_ref.record", "relax.multiply"]
    assert callees(programs.GraphValues) == []
    assert callee_name(main_of(Branches).params[0]) == ""


@I.ir_module
class Scaled:
    """A matrix times a number that arrives as a tensor without axes."""

    @R.function
    def main(x: R.Tensor((3, 2), "float32"), factor: R.Tensor((), "float32")):
        with R.dataflow():
            y = R.multiply(x, factor)
            R.output(y)
        return y


def test_tensors_without_axes_and_transposed_arrays_are_passed_as_they_are():
    x = np.arange(6, dtype="float32").reshape(2, 3).T
    assert run_graph(Scaled, x, np.array(2, "float32")).tolist() == (2 * x).tolist()
