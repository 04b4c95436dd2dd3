"""Arrays for answers that must go element by element."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from present import present

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.scalars import ScalarArray, WholeArrayOperation, scalar_views


@pytest.fixture
def grid():
    return ScalarArray(np.arange(6, dtype="float32").reshape(2, 3))


def test_single_elements_are_numpy_scalars_of_the_arrays_dtype(grid):
    assert grid[1, 2] == 5
    assert type(grid[1, 2]) is np.float32
    assert grid[1, 2] == grid[np.int64(1), -1]


def test_shape_dtype_and_length_can_be_asked_for(grid):
    assert (grid.shape, grid.dtype, grid.ndim, grid.size, len(grid)) == ((2, 3), np.float32, 2, 6, 2)


def test_writes_go_through_to_the_array_it_looks_into():
    array = np.zeros((2, 3), "float32")
    view = ScalarArray(array)
    view[1, 2] = 4
    view[0, 1] += 2
    assert array.tolist() == [[0, 2, 0], [0, 0, 4]]


WHOLE: dict[str, Callable[[Any], Any]] = {
    "row": lambda a: a[0],
    "element of a row": lambda a: a[0][1],
    "@": lambda a: a @ a,
    "np.matmul": lambda a: np.matmul(a, np.ones((3, 2))),
    "array on the left": lambda a: np.ones((2, 2)) @ a,
    "np.dot": lambda a: np.dot(a, a),
    "np.einsum": lambda a: np.einsum("ij->i", a),
    "np.maximum": lambda a: np.maximum(a, 0),
    "np.sum": lambda a: np.sum(a),
    "sum": lambda a: sum(a),
    "+": lambda a: a + 1,
    "scalar on the left": lambda a: np.float32(2) * a,
    "row times number": lambda a: a[0] * 2,
    "+=": lambda a: a.__iadd__(1),
    "slice": lambda a: a[0, :],
    "ellipsis": lambda a: a[...],
    "new axis": lambda a: a[None],
    "boolean": lambda a: a[True],
    "list index": lambda a: a[[0, 1]],
    "write a slice": lambda a: a.__setitem__(slice(None), 0),
    "write a row": lambda a: a.__setitem__(0, 0),
    "write a list": lambda a: a.__setitem__((0, 0), [1.0]),
    "write a row into an element": lambda a: a.__setitem__((0, 0), a[0]),
    "np.asarray": np.asarray,
    "np.array of a list of them": lambda a: np.array([a, a]),
    "list": list,
    "method": lambda a: a.dot,
    "transpose": lambda a: a.T,
    "fill": lambda a: a.fill(0),
    "compare": lambda a: a == 0,
}


@pytest.mark.parametrize("name", WHOLE)
def test_an_operation_on_a_whole_array_is_refused(name, grid):
    with pytest.raises(WholeArrayOperation, match="on a whole array"):
        WHOLE[name](grid)


def test_the_message_names_the_operation_and_has_a_hint_in_both_languages(grid):
    with pytest.raises(CheckFailure) as caught:
        grid @ grid
    assert "np.matmul" in caught.value.message.en
    assert "对整个数组使用 np.matmul" in caught.value.message.zh
    assert "range(x.shape[0])" in present(caught.value.hint).en


def test_an_index_out_of_bounds_is_the_usual_error(grid):
    with pytest.raises(IndexError, match="out of bounds"):
        grid[2, 0]


def test_a_name_no_array_has_is_an_ordinary_attribute_error(grid):
    with pytest.raises(AttributeError, match="no attribute 'cols'"):
        grid.cols
    assert copy.copy(grid)[0, 1] == 1


def test_arguments_are_viewed_arrays_only():
    array = np.zeros(2)
    view, number = scalar_views((array, 3))
    view[1] = 7
    assert number == 3
    assert array.tolist() == [0, 7]
