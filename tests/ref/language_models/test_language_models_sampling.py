"""The next word by given random numbers: temperature, top-p, rows."""

import numpy as np
import pytest

from mlc_ref.language_models.sampling import sample, shares, uniform_numbers

LOGITS = np.log([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1]])


def test_shares_are_probabilities_and_temperature_sharpens_them():
    assert np.allclose(shares(LOGITS), np.exp(LOGITS))
    squared = np.exp(2 * LOGITS)
    assert np.allclose(shares(LOGITS, temperature=0.5), squared / squared.sum(-1, keepdims=True))
    assert np.array_equal(shares(LOGITS, temperature=0), [[0, 0, 0, 1], [1, 0, 0, 0]])
    assert np.isfinite(shares(LOGITS * 1000, temperature=0.01)).all()


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0.39, [0, 0, 0, 4]), (0.4001, [0, 0, 3, 4]), (0.69, [0, 0, 3, 4]), (0.95, [1, 2, 3, 4])]
)
def test_top_p_keeps_the_fewest_words_that_reach_it(top_p: float, kept: list[int]):
    assert np.allclose(shares(LOGITS[:1], top_p=top_p), np.array([kept]) / sum(kept))


def test_of_equal_words_the_first_is_kept():
    assert np.array_equal(shares(np.zeros((1, 4)), top_p=0.25), [[1, 0, 0, 0]])


@pytest.mark.parametrize(
    ("uniform", "word"), [(0.0, 0), (0.0999, 0), (0.1001, 1), (0.5999, 2), (0.6001, 3), (0.9999, 3)]
)
def test_the_number_falls_into_the_share_of_its_word(uniform: float, word: int):
    assert sample(LOGITS[:1], np.array([uniform])).tolist() == [word]


def test_a_word_without_a_share_is_never_taken():
    largest = np.nextafter(1, 0)
    rows = np.array([[-np.inf, 0, -np.inf, 0, -np.inf]] * 2)
    assert sample(rows, np.array([0.0, largest])).tolist() == [1, 3]


def test_rows_do_not_touch_each_other():
    rng = np.random.default_rng(0)
    logits, numbers = rng.normal(size=(40, 9)), rng.random(40)
    together = sample(logits, numbers, 0.7, 0.8)
    assert together.tolist() == [int(sample(logits[i : i + 1], numbers[i : i + 1], 0.7, 0.8)[0]) for i in range(40)]


def test_many_draws_have_the_shares():
    drawn = sample(np.repeat(LOGITS[:1], 20_000, 0), uniform_numbers(5, 20_000))
    assert np.allclose(np.bincount(drawn) / 20_000, np.exp(LOGITS[0]), atol=0.015)


def test_a_seed_gives_the_same_numbers():
    assert np.array_equal(uniform_numbers(1, 5), uniform_numbers(1, 8)[:5])
    assert not np.array_equal(uniform_numbers(1, 5), uniform_numbers(2, 5))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"temperature": -1}, "temperature: got -1"),
        ({"temperature": float("nan")}, "temperature: got nan"),
        ({"top_p": 0}, "top_p: got 0"),
        ({"top_p": 1.5}, "top_p: got 1.5"),
        ({"uniform": np.array([1.0, 0.0])}, "uniform: got"),
        ({"uniform": np.array([0.5])}, "uniform: got"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(arguments: dict, said: str):
    with pytest.raises(ValueError, match=said) as raised:
        sample(LOGITS, **{"uniform": np.array([0.5, 0.5]), **arguments})
    assert "\n" not in str(raised.value)
