"""The small importer of exported PyTorch programs, and TVM's beside it."""

import numpy as np
import pytest
import tvm
from imported import imported_matches, network
from networks import cases

from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.end_to_end.train import trained_network
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.frameworks.compare import float64_result, import_with_tvm, largest_differences, run_imported
from mlc_ref.frameworks.importer import import_program
from mlc_ref.frameworks.networks import export_network, residual_block
from mlc_ref.frameworks.operators import CONVERTERS
from mlc_ref.frameworks.unsupported import UnsupportedOperatorError

INDICES = {
    "last": lambda torch, x: x[:, -1],
    "last row": lambda torch, x: x[-1] * 2,
    "list": lambda torch, x: x[:, [-1, 0]],
    "list of rows": lambda torch, x: x[[-1, 0]],
    "flat": lambda torch, x: torch.take(x, torch.tensor([-1, 2])),
    "pairs": lambda torch, x: x[torch.arange(2), torch.tensor([-1, -2])],
    "computed": lambda torch, x: x[:, x[0, :2].to(torch.int64) * 0 - 1],
    "late": lambda torch, x: x[:, [0, 1, 2, 3, -1]],
    "many": lambda torch, x: x[:, [-1, 0, -2, -3, -4, -1]],
    "slices": lambda torch, x: x[:, -3:-1],
    "from the beginning": lambda torch, x: x[:, 1],
}
X = np.arange(12, dtype="float32").reshape(3, 4)
# Of an index the entries that are negative are shown, the first four of them.
CUT = {"late": "relax.take [-1]", "many": "relax.take [-1, -2, -3, -4, …]"}


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("symbolic", [False, True])
def test_indices_from_the_end_come_through_tvms_importer(name, symbolic):
    import torch

    x = np.random.default_rng(0).standard_normal((3, 4)).astype("float32")
    program = export_network(network(lambda self, x: INDICES[name](torch, x)), x.shape, symbolic_batch=symbolic)
    found = run_imported(import_with_tvm(program), x)
    assert np.array_equal(found, INDICES[name](torch, torch.tensor(x)).numpy())


@pytest.mark.parametrize(("language", "said"), [("en", "count from the end"), ("zh", "从末尾数起")])
def test_an_index_from_the_end_is_repaired_with_a_message_and_no_other_is(monkeypatch, recwarn, language, said):
    import torch

    monkeypatch.setenv("MLC_LANG", language)
    for name in INDICES:
        program = export_network(network(lambda self, x, name=name: INDICES[name](torch, x)), (3, 4))
        recwarn.clear()
        import_with_tvm(program)
        messages = [str(warning.message) for warning in recwarn if warning.category is UserWarning]
        named = {"last": "relax.take [-1]", "pairs": "relax.index_tensor [-1, -2]", **CUT}.get(name, "[")
        silent = name in ("computed", "slices", "from the beginning")
        assert [said in message and named in message for message in messages] == ([] if silent else [True]), name


@pytest.mark.parametrize("compare", [import_with_tvm, lambda program: largest_differences(program, X)])
def test_a_warning_about_indices_names_the_line_of_who_called(compare):
    program = export_network(network(lambda self, x: x[:, -1]), X.shape)
    with pytest.warns(UserWarning, match="count from the end") as told:
        compare(program)
    named = [warning.filename for warning in told if "count from the end" in str(warning.message)]
    assert named == [__file__]


def digits(name, count):
    rows = load_digits().test_images[:count]
    return rows if name == "mlp" else as_images(rows)


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_the_digits_networks_come_over_with_their_weights(name):
    images = digits(name, 5)
    imported = import_program(export_network(trained_network(name), images.shape))
    shipped = list(load_weights(name).values())
    assert all(np.array_equal(a, b) for a, b in zip(imported.weights.values(), shipped, strict=True))
    scores = run_graph(bind_weights(imported.module, imported.weights), images)
    assert np.mean(scores.argmax(axis=1) == load_digits().test_labels[:5]) == 1


@pytest.mark.parametrize("name", ["mlp", "cnn"])
@pytest.mark.parametrize("count", [1, 7])
def test_a_symbolic_batch_takes_any_number_of_images(name, count):
    program = export_network(trained_network(name), digits(name, 3).shape, symbolic_batch=True)
    imported = import_program(program)
    assert isinstance(imported.module["main"].params[0].ty.shape[0], tvm.tirx.Var)
    scores = run_imported(imported, digits(name, count))
    assert np.allclose(scores, float64_result(program, digits(name, count)), atol=1e-4)


def test_the_cnn_becomes_one_relax_operator_after_the_other():
    imported = import_program(export_network(trained_network("cnn"), (2, 1, 8, 8)))
    convolution = ["relax.nn.conv2d", "relax.reshape", "relax.add", "relax.nn.relu"]
    head = ["relax.nn.max_pool2d", "relax.reshape", "relax.permute_dims", "relax.matmul", "relax.add"]
    assert callees(imported.module) == convolution + head
    assert [p.name for p in imported.module["main"].params] == ["input", *imported.weights]


@pytest.mark.parametrize("symbolic", [False, True])
def test_a_residual_block_matches_torch_through_both_importers(symbolic):
    program = export_network(residual_block(3), (2, 3, 5, 7), symbolic_batch=symbolic)
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 7)).astype("float32")
    differences = largest_differences(program, x)
    assert set(differences) == {"import_program", "import_with_tvm"}
    assert max(differences.values()) < 1e-5


def test_the_residual_input_is_used_twice_and_the_missing_bias_nowhere():
    imported = import_program(export_network(residual_block(3), (1, 3, 4, 4)))
    norm, add = ["relax.nn.conv2d", "relax.nn.batch_norm", "relax.nn.relu"], ["relax.add", "relax.add"]
    assert callees(imported.module) == [*norm, "relax.nn.conv2d", "relax.reshape", *add, "relax.nn.relu"]
    assert "p_conv0_bias" not in imported.weights
    assert "b_norm_num_batches_tracked" not in imported.weights
    assert imported.weights["b_norm_running_var"].shape == (3,)


def test_both_importers_take_the_same_weights_but_for_the_statistics():
    program = export_network(residual_block(2), (1, 2, 4, 4))
    own, other = import_program(program).weights, import_with_tvm(program).weights
    assert set(own) - set(other) == {"b_norm_running_mean", "b_norm_running_var"}
    assert all(np.array_equal(own[name], other[name]) for name in other)


def test_imported_weights_are_copies_of_the_networks():
    network = trained_network("mlp")
    imported = import_program(export_network(network, (2, 64)))
    imported.weights["p_2_bias"] += 1
    assert np.array_equal(network[2].bias.detach().numpy(), load_weights("mlp")["b1"])


def test_largest_differences_sees_a_wrong_weight(monkeypatch):
    program = export_network(trained_network("mlp"), (2, 64))
    imported = import_program(program)
    imported.weights["p_2_bias"] += 1
    monkeypatch.setattr("mlc_ref.frameworks.compare.import_program", lambda _: imported)
    differences = largest_differences(program, digits("mlp", 2))
    assert differences["import_program"] == pytest.approx(1, abs=1e-4)
    assert differences["import_with_tvm"] < 1e-4


@pytest.mark.parametrize("name", ["LSTM", "GRU", "embedding", "tied weights", "language model", "constants"])
def test_the_oracle_is_in_double_throughout(name):
    case = cases()[name]
    program = case.export()
    before = {path: value.clone() for path, value in program.state_dict.items()}
    found = float64_result(program, *case.inputs)
    again = float64_result(program, *case.inputs)
    assert found.dtype == "float64"
    assert np.array_equal(found, again)
    single = case.network(*map(torch_tensor, case.inputs)).detach().numpy()
    assert single.dtype == "float32"
    assert np.allclose(found, single, atol=1e-5)
    # An embedding only copies numbers; what computes shows that it does so in double.
    assert np.array_equal(found, single) == (name == "embedding")
    assert all(value.equal(before[path]) for path, value in program.state_dict.items())


def torch_tensor(array):
    import torch

    return torch.tensor(array)


@pytest.mark.parametrize(("language", "said"), [("en", "refuses this network"), ("zh", "不接受这个网络")])
def test_an_importer_that_refuses_is_left_out_and_named(monkeypatch, language, said):
    monkeypatch.setenv("MLC_LANG", language)
    case = cases()["embedding"]
    with pytest.warns(UserWarning, match=rf"(?s)import_program {said}.*aten.embedding.default") as told:
        differences = largest_differences(case.export(), *case.inputs)
    assert [warning.filename for warning in told if said in str(warning.message)] == [__file__]
    assert set(differences) == {"import_with_tvm"}
    assert differences["import_with_tvm"] < 1e-6


def test_a_view_over_the_symbolic_batch_keeps_the_symbol():
    def forward(self, x):
        return x.view(x.shape[0], 3, 4)

    program = export_network(network(forward), (2, 12), symbolic_batch=True)
    module = import_program(program).module
    batch = module["main"].params[0].ty.shape[0]
    assert batch.same_as(module["main"].ret_ty.shape[0])
    imported_matches(program, np.random.default_rng(5).random((5, 12), dtype="float32"))


def test_two_inputs_of_one_batch_share_the_symbol():
    def forward(self, x, y):
        return x + y

    program = export_network(network(forward), (2, 3), (2, 3), symbolic_batch=True)
    x, y = import_program(program).module["main"].params
    assert x.ty.shape[0].same_as(y.ty.shape[0])


def test_several_results_become_a_tuple():
    def forward(self, x):
        return x.relu(), x * x

    imported = import_program(export_network(network(forward), (3,)))
    x = np.array([-1, 2, -3], "float32")
    positive, square = run_graph(imported.module, x)
    assert positive.tolist() == [0, 2, 0]
    assert square.tolist() == [1, 4, 9]


def test_dropout_is_the_identity_at_inference():
    from torch import nn

    imported = import_program(export_network(nn.Sequential(nn.ReLU(), nn.Dropout(0.5), nn.ReLU()).eval(), (3,)))
    assert callees(imported.module) == ["relax.nn.relu", "relax.nn.relu"]


def test_unsupported_operators_are_named_all_at_once_with_their_place():
    from torch import nn

    def forward(self, x):
        return self.gate(x) + x.tanh()

    gate = nn.Sequential(nn.Linear(3, 3), nn.Sigmoid())
    with pytest.raises(UnsupportedOperatorError) as caught:
        import_program(export_network(network(forward, gate=gate), (2, 3)))
    first, second = caught.value.uses
    assert (first.operator, first.node, first.module) == ("aten.sigmoid.default", "sigmoid", "gate.1")
    assert (second.operator, second.node, second.module) == ("aten.tanh.default", "tanh", "")
    line = forward.__code__.co_firstlineno + 1
    assert second.source == f"test_frameworks_importer.py line {line}: return self.gate(x) + x.tanh()"
    message = str(caught.value)
    assert "aten.sigmoid.default (node sigmoid) in module 'gate.1', test_frameworks_importer.py line" in message
    assert "aten.tanh.default (node tanh) in the network itself" in message
    assert "supported: aten.add.Tensor, aten.batch_norm.default" in message


def test_the_place_is_the_innermost_line_outside_of_torch():
    def outer(self, x):
        return self.inner(x) * x

    def forward(self, x):
        return x.tanh()

    with pytest.raises(UnsupportedOperatorError) as caught:
        import_program(export_network(network(outer, inner=network(forward)), (2, 3)))
    (use,) = caught.value.uses
    assert use.module == "inner"
    line = forward.__code__.co_firstlineno + 1
    assert use.source == f"test_frameworks_importer.py line {line}: return x.tanh()"


def test_the_table_is_extended_by_an_entry():
    from torch import nn
    from tvm import relax

    program = export_network(nn.Sequential(nn.Linear(3, 2), nn.Sigmoid()), (2, 3))
    imported = import_program(program, {**CONVERTERS, "aten.sigmoid.default": relax.op.sigmoid})
    x = np.random.default_rng(6).random((2, 3), dtype="float32")
    assert np.allclose(run_imported(imported, x), float64_result(program, x), atol=1e-5)
    assert "aten.sigmoid.default" not in CONVERTERS


def test_a_size_computed_in_python_is_unsupported_and_named():
    def forward(self, x):
        return x.reshape(x.shape[0] * 2, 3)

    with pytest.raises(UnsupportedOperatorError, match=r"_operator\.mul \(node mul\)"):
        import_program(export_network(network(forward), (2, 6), symbolic_batch=True))


def test_a_batch_norm_in_training_is_refused_with_its_node():
    def forward(self, x):
        from torch.nn.functional import batch_norm

        return batch_norm(x, None, None, training=True)

    with pytest.raises(ValueError, match=r"node batch_norm .*got training=True, allowed False"):
        import_program(export_network(network(forward), (2, 2, 4, 4)))


def test_a_batch_norm_without_weights_only_normalizes():
    from torch import nn

    program = export_network(nn.BatchNorm2d(3, affine=False).eval(), (2, 3, 4, 5))
    assert list(import_program(program).weights) == ["b_running_mean", "b_running_var"]
    imported_matches(program, np.random.default_rng(7).random((2, 3, 4, 5), dtype="float32"))


def test_an_example_batch_of_one_cannot_become_symbolic():
    with pytest.raises(ValueError, match="needs an example batch of 2 or more"):
        export_network(trained_network("mlp"), (1, 64), symbolic_batch=True)
