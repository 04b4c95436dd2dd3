"""The network that reads drawings: pictures as in the browser, digits in ten styles, and no answer to what is no digit."""

import json
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.reference import accuracy, cnn
from mlc_ref.frameworks.drawn_digits import train
from mlc_ref.frameworks.drawn_digits.pictures import normalised, picture
from mlc_ref.frameworks.drawn_digits.strokes import digit, no_digit
from mlc_ref.frameworks.drawn_digits.weights import load_drawn_weights
from mlc_ref.webgpu.verdict import verdict_of

READER = Path(__file__).parents[2] / "js" / "read_drawings.mjs"
NO_POINTS = np.empty((0, 2))
SEVEN = [np.array([[0.3, 0.2], [0.7, 0.2], [0.4, 0.8]])]


def some_drawings() -> list[list[np.ndarray]]:
    rng = np.random.default_rng(5)
    return (
        [digit(value, rng) for value in range(10)]
        + [no_digit(rng) for _ in range(20)]
        + [[], [NO_POINTS], [NO_POINTS, NO_POINTS], [NO_POINTS, *SEVEN], [np.array([[0.2, 0.9]])]]
    )


def some_scores() -> np.ndarray:
    """Rows of eleven scores, among them certain ones, uncertain ones, some at the edge, and such of no digit."""
    rows = np.random.default_rng(6).normal(0, 3, (200, 11))
    edges = [np.log([share, *[(1 - share) / 10] * 10]) for share in (0.79, 0.801, 0.99)]
    return np.stack([*rows, *edges, *(np.roll(edge, -1) for edge in edges), *(np.roll(edge, 4) for edge in edges)])


@pytest.fixture(scope="module")
def read() -> dict:
    """What the browser's code finds in its own drawings, and the pictures it makes of ours."""
    weights = load_drawn_weights()
    # As the compiled network holds them: the linear layer's matrix transposed.
    constants = [weights["conv_w"], weights["conv_b"], weights["w"].T, weights["b"]]
    sent = {
        "constants": [constant.ravel().tolist() for constant in constants],
        "scores": some_scores().tolist(),
        "strokes": [[stroke.tolist() for stroke in drawing] for drawing in some_drawings()],
    }
    done = subprocess.run(["node", READER], input=json.dumps(sent), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_digits_in_ten_styles_95_percent_are_read_right_in_each_style(read: dict) -> None:
    wrong = Counter(style for style, value, said in read["found"] if value is not None and said != value)
    drawn = Counter(style for style, value, _ in read["found"] if value is not None)
    assert len(drawn) == 10
    assert {style: count for style, count in wrong.items() if count > 0.05 * drawn[style]} == {}


def test_no_more_than_two_percent_of_legible_digits_are_read_as_another(read: dict) -> None:
    digits = [(value, said) for _, value, said in read["found"] if value is not None]
    wrong = [each for each in digits if each[1] is not None and each[1] != each[0]]
    assert len(wrong) <= 0.02 * len(digits), wrong


def test_what_is_no_digit_gets_no_answer(read: dict) -> None:
    answered = Counter(name for name, value, said in read["found"] if value is None and said is not None)
    drawn = Counter(name for name, value, _ in read["found"] if value is None)
    assert {"blank", "scribble", "two digits"} <= set(drawn)
    assert {name: count for name, count in answered.items() if count > 0.05 * drawn[name]} == {}


def test_the_browser_makes_the_pictures_that_the_network_was_trained_on(read: dict) -> None:
    ours = np.stack([picture(drawing).ravel() for drawing in some_drawings()])
    differences = np.abs(ours - np.array(read["pictures"]))
    # A pixel of the bitmap at the pen's very edge may be rounded to either side; few lie there.
    assert differences.max() <= 1 / 16
    assert np.mean(differences > 0) <= 0.01


def test_strokes_without_points_are_none_here_and_in_the_browser(read: dict) -> None:
    assert np.array_equal(picture([NO_POINTS, *SEVEN]), picture(SEVEN))
    drawings = [drawing for drawing in some_drawings() if not any(map(len, drawing))]
    assert len(drawings) == 3
    assert not np.any([picture(drawing) for drawing in drawings])
    answers = [said for drawing, said in zip(some_drawings(), read["read"], strict=True) if not any(map(len, drawing))]
    assert answers == [None] * 3
    assert 7 in read["read"][-2:]


def test_scores_say_the_same_here_and_in_the_browser(read: dict) -> None:
    ours = [verdict_of(row) for row in some_scores()]
    assert ours == read["verdicts"]
    assert {None, *range(10)} == set(ours)
    assert ours[-9:] == [None, 0, 0, None, None, None, None, 4, 4]


@pytest.mark.parametrize("shear", [-0.5, 0.5])
def test_place_and_size_do_not_change_a_picture_and_slant_moves_it_by_less_than_a_pen(shear: float) -> None:
    slanted = [np.column_stack([s[:, 0] + shear * s[:, 1], s[:, 1]]) * 0.4 + [0.5, 0.1] for s in SEVEN]
    assert np.allclose(normalised(SEVEN)[0], normalised(slanted)[0], atol=1)
    elsewhere = [stroke * 0.4 + [0.5, 0.1] for stroke in SEVEN]
    assert np.allclose(normalised(SEVEN)[0], normalised(elsewhere)[0])
    assert picture(SEVEN).max() == 1


def test_scikit_learn_s_test_images_are_read_as_well() -> None:
    digits = load_digits()
    assert accuracy(cnn(as_images(digits.test_images), load_drawn_weights()), digits.test_labels) > 0.96


def test_training_gives_the_same_bits_each_time_and_the_shapes_that_ship() -> None:
    first, second = (train.train(count=30, copies=1, steps=2) for _ in range(2))
    shipped = load_drawn_weights()
    assert {name: value.shape for name, value in first.items()} == {
        name: value.shape for name, value in shipped.items()
    }
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert all(value.dtype == np.float32 for value in shipped.values())


def test_training_leaves_pytorch_as_it_was() -> None:
    import torch

    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    train.train(count=6, copies=1, steps=1)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.get_num_threads() == threads
