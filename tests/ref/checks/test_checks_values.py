"""Checks on values and arrays say what is wrong first, and give no answer away."""

import numpy as np
import pytest

from mlc_ref.checks import CheckFailure, arrays_match, equal_value, one_of, require
from mlc_ref.language import Text


def test_equal_value_wants_the_same_type_and_value():
    equal_value(3, 3)
    with pytest.raises(CheckFailure, match="a value of type int; found: bool True"):
        equal_value(True, 1)
    with pytest.raises(CheckFailure, match="a value of type str; found: int 3"):
        equal_value(3, "3")


def test_equal_value_does_not_give_the_answer_away():
    with pytest.raises(CheckFailure) as caught:
        equal_value(4, 123456)
    assert "123456" not in str(caught.value)
    assert str(caught.value) == "expected: the right answer; found: 4"


def test_one_of_lists_the_choices():
    one_of("a", ["a", "b"])
    with pytest.raises(CheckFailure, match="expected: one of 'a', 'b'; found: 'c'"):
        one_of("c", ["a", "b"])
    with pytest.raises(CheckFailure, match="found: True"):
        one_of(True, [1, 2])


def test_arrays_match_within_tolerance_and_exactly_for_integers():
    arrays_match(np.array([1.0, 2.00001]), np.array([1.0, 2.0]))
    arrays_match(np.array([np.nan]), np.array([np.nan]))
    with pytest.raises(CheckFailure, match="3 at \\(1,\\); found: 4 \\(1 of 2 elements differ\\)"):
        arrays_match(np.array([1, 4]), np.array([1, 3]))


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([1.0, 2.0], "a NumPy array; found: list"),
        (np.zeros((2, 1)), r"shape \(2,\); found: \(2, 1\)"),
        (np.zeros(2, "float32"), "dtype float64; found: float32"),
        (np.array([0.0, np.nan]), r"0.0 at \(1,\); found: nan"),
    ],
)
def test_arrays_match_names_the_first_kind_of_difference(found, message):
    with pytest.raises(CheckFailure, match=message):
        arrays_match(found, np.zeros(2))


def test_an_array_that_overrides_comparison_is_refused():
    class Always(np.ndarray):
        def __eq__(self, other):
            return True

    with pytest.raises(CheckFailure, match="a NumPy array; found: Always"):
        arrays_match(np.ones(2).view(Always), np.zeros(2))


def test_arrays_match_compares_arrays_without_dimensions():
    arrays_match(np.array(2), np.array(2))
    with pytest.raises(CheckFailure, match=r"2 at \(\)"):
        arrays_match(np.array(3), np.array(2))


def test_a_failure_speaks_both_languages():
    with pytest.raises(CheckFailure) as caught:
        require(False, expected=Text("two", "两个"), found=3, where="B", hint=Text("count", "数一数"))
    assert caught.value.message == Text("expected: two; found: 3; where: B", "期望：两个；实际：3；位置：B")
    assert caught.value.hint == Text("count", "数一数")
    require(True, expected="x", found="y")


def test_what_was_found_is_shortened_where_it_is_very_long():
    with pytest.raises(CheckFailure) as caught:
        equal_value([7] * 100_000, [1])
    assert len(caught.value.message.en) < 5_000
    assert "found: [7, 7, 7" in caught.value.message.en
    assert caught.value.message.en.endswith("7, 7]")
