"""Matrices in 8 bits by groups: what is stored, what it means, and how far off it is."""

import numpy as np
import pytest

from mlc_ref.language_models.page.int8 import GROUP, quantized

MATRIX = np.random.default_rng(0).standard_normal((5, 3 * GROUP)).astype("float32")


def test_four_inputs_that_follow_one_another_lie_in_one_word():
    held = quantized(MATRIX)
    assert (held.outputs, held.inputs, held.words.dtype) == (5, 3 * GROUP, np.dtype("int32"))
    for output, place in ((0, 0), (4, 7), (2, 63), (3, 95)):
        byte = int(held.words[place // 4, output]) >> (place % 4 * 8) & 255
        number = byte - 256 * (byte > 127)
        assert number == np.rint(MATRIX[output, place] / held.scales[place // GROUP, output])
        assert held.dequantized()[output, place] == np.float32(number) * held.scales[place // GROUP, output]


def test_no_number_is_off_by_more_than_half_a_step_of_its_group():
    held = quantized(MATRIX)
    steps = np.abs(MATRIX.reshape(5, -1, GROUP)).max(2) / 127
    assert np.allclose(held.scales.T, steps, rtol=1e-6)
    assert (np.abs(held.dequantized() - MATRIX).reshape(5, -1, GROUP) <= 0.5001 * steps[..., None]).all()


def test_the_largest_of_a_group_is_kept_and_a_group_of_zeros_stays_zero():
    matrix = np.zeros((2, GROUP), "float32")
    matrix[0, 3] = -2.5
    assert np.array_equal(quantized(matrix).dequantized(), matrix)


@pytest.mark.parametrize("shape", [(4, 48), (64,)])
def test_inputs_that_make_no_whole_groups_are_refused(shape):
    with pytest.raises(ValueError, match="matrix: got shape"):
        quantized(np.zeros(shape, "float32"))
