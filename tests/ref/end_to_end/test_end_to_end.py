"""The digits classifiers: data, weights, oracles, low-level NumPy and the meaning of call_tir."""

import subprocess
import sys

import numpy as np
import pytest

from mlc_ref.end_to_end import libraries, low_level, reference
from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.destination_passing import call_dps_packed, call_tir, call_tir_tuple
from mlc_ref.end_to_end.weights import PARAMETERS, load_weights

SHAPES = {
    "mlp": {"w0": (32, 64), "b0": (32,), "w1": (10, 32), "b1": (10,)},
    "cnn": {"conv_w": (8, 1, 3, 3), "conv_b": (8,), "w": (10, 72), "b": (10,)},
}


def test_the_digits_are_split_without_overlap_and_scaled_to_one():
    digits = load_digits()
    assert digits.train_images.shape == (1437, 64)
    assert digits.test_images.shape == (360, 64)
    assert digits.train_images.dtype == digits.test_images.dtype == np.float32
    assert digits.train_images.min() == 0
    assert digits.train_images.max() == 1
    assert set(digits.test_labels) == set(range(10))
    train = {row.tobytes() for row in digits.train_images}
    assert not any(row.tobytes() in train for row in digits.test_images)


def test_the_shared_digits_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        load_digits().test_images[0, 0] = 1


def test_images_are_rows_folded_into_squares():
    assert as_images(np.arange(128).reshape(2, 64))[1, 0, 2, 3] == 64 + 2 * 8 + 3


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_shipped_weights_have_the_documented_shapes_in_order(name):
    weights = load_weights(name)
    assert list(weights) == list(PARAMETERS[name]) == list(SHAPES[name])
    assert {key: value.shape for key, value in weights.items()} == SHAPES[name]
    assert {value.dtype for value in weights.values()} == {np.dtype("float32")}


def test_weights_of_an_unknown_network_are_refused():
    with pytest.raises(ValueError, match="got 'lenet', allowed mlp, cnn"):
        load_weights("lenet")


@pytest.mark.parametrize(("name", "least"), [("mlp", 0.97), ("cnn", 0.96)])
def test_shipped_weights_classify_the_test_images(name, least):
    digits = load_digits()
    scores = reference.predict(name, digits.test_images, load_weights(name))
    assert reference.accuracy(scores, digits.test_labels) > least


def test_reading_weights_and_the_oracles_need_neither_torch_nor_tvm():
    code = (
        "import sys; from mlc_ref.end_to_end import data, low_level, reference, weights; weights.load_weights('mlp');"
        "print([m for m in ('torch', 'tvm') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_linear_is_computed_in_float64():
    x, w, b = np.array([[1e8, 1]], "float32"), np.array([[1, 1]], "float32"), np.array([0.5], "float32")
    assert reference.linear(x, w, b).tolist() == [[100000001.5]]


def test_conv2d_slides_the_filter_over_the_image():
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    w = np.array([[[[1, 0], [0, 10]]]], "float32")
    expected = [[[0 + 50, 1 + 60, 2 + 70], [4 + 90, 5 + 100, 6 + 110]]]
    assert (reference.conv2d(x, w, np.array([0.5], "float32"))[0] - 0.5).tolist() == expected


def test_conv2d_sums_over_input_channels():
    x = np.stack([np.full((3, 3), 2.0), np.full((3, 3), 5.0)])[None]
    w = np.array([1, 100], "float32").reshape(1, 2, 1, 1)
    assert np.array_equal(reference.conv2d(x, w, np.zeros(1)), np.full((1, 1, 3, 3), 502.0))


def test_max_pool_keeps_negative_maxima_and_drops_what_fills_no_tile():
    x = -np.arange(1.0, 16).reshape(1, 1, 3, 5)
    assert reference.max_pool2d(x).tolist() == [[[[-1, -3]]]]


def test_accuracy_is_the_share_of_rows_whose_maximum_is_at_the_label():
    assert reference.accuracy(np.eye(4)[[0, 1, 2, 0]], np.array([0, 1, 2, 3])) == 0.75


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_the_oracle_agrees_with_torch(name):
    import torch

    from mlc_ref.end_to_end.train import trained_network

    rows = load_digits().test_images[:5]
    shaped = rows if name == "mlp" else as_images(rows)
    with torch.no_grad():
        expected = trained_network(name).double()(torch.from_numpy(shaped.astype("float64"))).numpy()
    assert np.allclose(reference.predict(name, rows, load_weights(name)), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_training_again_reaches_the_accuracy_of_the_shipped_weights(name, tmp_path):
    from mlc_ref.end_to_end.train import save_weights, train

    digits = load_digits()
    weights = train(name)
    shipped = reference.accuracy(reference.predict(name, digits.test_images, load_weights(name)), digits.test_labels)
    again = reference.accuracy(reference.predict(name, digits.test_images, weights), digits.test_labels)
    assert again == pytest.approx(shipped, abs=0.01)
    with np.load(save_weights(name, weights, tmp_path)) as saved:
        assert all(np.array_equal(saved[key], weights[key]) for key in PARAMETERS[name])


@pytest.fixture
def one_step(monkeypatch):
    """Training that stops after one step."""
    from mlc_ref.end_to_end import train

    monkeypatch.setattr(train, "_STEPS", {"mlp": 1, "cnn": 1})


def test_training_twice_gives_the_same_bits(one_step):
    from mlc_ref.end_to_end.train import train

    first, second = train("cnn"), train("cnn")
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_training_leaves_the_random_state_and_the_threads_of_torch_alone(one_step):
    import torch

    from mlc_ref.end_to_end.train import train

    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        train("mlp")
        assert torch.get_num_threads() == threads + 1
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_training_an_unknown_network_is_refused():
    from mlc_ref.end_to_end.train import train

    with pytest.raises(ValueError, match="got 'lenet', allowed mlp, cnn"):
        train("lenet")


@pytest.mark.parametrize(("n", "k", "m"), [(1, 1, 1), (3, 5, 2), (2, 7, 9)])
def test_low_level_linear_and_relu_write_into_the_destination(n, k, m):
    rng = np.random.default_rng(n)
    x, w, b = rng.standard_normal((n, k)), rng.standard_normal((m, k)), rng.standard_normal(m)
    y = np.full((n, m), np.nan)
    low_level.linear(x, w, b, y)
    assert np.allclose(y, reference.linear(x, w, b))
    z = np.full((n, m), np.nan)
    low_level.relu(y, z)
    assert np.array_equal(z, np.maximum(y, 0))


def test_low_level_mlp_computes_the_scores_of_the_oracle():
    images, weights = load_digits().test_images[:2], load_weights("mlp")
    scores = low_level.mlp(images, weights)
    assert scores.dtype == np.float32
    assert np.allclose(scores, reference.mlp(images, weights), atol=1e-4)


def test_call_tir_allocates_calls_and_returns():
    x = np.array([[-1, 2, -3]], "float32")
    y = call_tir(low_level.relu, [x], ((1, 3), "float32"))
    assert y.tolist() == [[0, 2, 0]]
    assert x.tolist() == [[-1, 2, -3]]


def test_call_tir_gives_a_new_array_every_time():
    x = np.ones((2, 2), "float32")
    first, second = (call_tir(low_level.relu, [x], ((2, 2), "float32")) for _ in range(2))
    assert not np.shares_memory(first, second)
    assert not np.shares_memory(first, x)


def test_call_tir_with_several_outputs_returns_a_tuple():
    def divide(x, y, quotient, rest):
        np.divmod(x, y, out=(quotient, rest))

    outs = [((3,), "int32"), ((3,), "int32")]
    quotient, rest = call_tir_tuple(divide, [np.array([7, 8, 9], "int32"), np.array([2, 3, 4], "int32")], outs)
    assert quotient.tolist() == [3, 2, 2]
    assert rest.tolist() == [1, 2, 1]


def test_call_dps_packed_finds_the_function_by_name():
    libraries.register_libraries()
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(shape).astype("float32") for shape in ((3, 5), (2, 5), (2,)))
    y = call_dps_packed("mlc_ref.linear", [x, w, b], ((3, 2), "float32"))
    assert np.allclose(y, reference.linear(x, w, b), atol=1e-5)
    assert call_dps_packed("mlc_ref.relu", [np.array([-1, 4], "float32")], ((2,), "float32")).tolist() == [0, 4]


def test_call_dps_packed_refuses_a_name_nobody_registered():
    with pytest.raises(ValueError, match=r"got 'mlc_ref\.nowhere', which is not registered"):
        call_dps_packed("mlc_ref.nowhere", [], ((1,), "float32"))
