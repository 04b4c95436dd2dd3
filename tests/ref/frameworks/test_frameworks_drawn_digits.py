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

READER = Path(__file__).parents[2] / "js" / "read_drawings.mjs"
SEVEN = [np.array([[0.3, 0.2], [0.7, 0.2], [0.4, 0.8]])]


def some_drawings() -> list[list[np.ndarray]]:
    rng = np.random.default_rng(5)
    return [digit(value, rng) for value in range(10)] + [no_digit(rng) for _ in range(20)] + [[], [np.array([[0.2, 0.9]])]]


@pytest.fixture(scope="module")
def read() -> dict:
    """What the browser's code finds in its own drawings, and the pictures it makes of ours."""
    weights = load_drawn_weights()
    # As the compiled network holds them: the linear layer's matrix transposed.
    constants = [weights["conv_w"], weights["conv_b"], weights["w"].T, weights["b"]]
    sent = {
        "constants": [constant.ravel().tolist() for constant in constants],
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
