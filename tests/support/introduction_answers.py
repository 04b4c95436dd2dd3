"""Answers to the introduction's exercise on loops: right ones of several kinds, and wrong ones with the parts they lose."""

import operator
from functools import reduce
from itertools import product

import numpy as np

from mlc_ref.introduction.reference import bias_relu_into, linear_relu

# Right.


def scatter_loops(x, w, b, y):
    """Another right answer: k outermost, sums kept in y itself."""
    rows, inner, columns = x.shape[0], x.shape[1], len(b)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = b[j]
    for k in range(inner):
        for i in range(rows):
            for j in range(columns):
                y[i, j] += x[i, k] * w[k, j]
    for i in range(rows):
        for j in range(columns):
            y[i, j] = max(y[i, j], 0.0)


def python_sum(x, w, b, y):
    """Another right answer: a generator for the sum, and the result returned as well."""
    for i in range(len(x)):
        for j in range(len(b)):
            y[i, j] = max(float(sum(x[i, k] * w[k, j] for k in range(len(w))) + b[j]), 0.0)
    return None


def backwards(x, w, b, y):
    """Another right answer: negative indices, while loops, sums kept in y."""
    for i, j in np.ndindex(x.shape[0], w.shape[1]):
        y[i, -1 - j] = b[-1 - j]
        k = len(w)
        while k:
            k -= 1
            y[i, -1 - j] = y[i, -1 - j] + x[i, k] * w[k, -1 - j]
        y[i, -1 - j] = np.maximum(y[i, -1 - j], 0)


ZERO = np.float32(0)


def with_types_and_imported_names(x: np.ndarray, w: np.ndarray, b: np.ndarray, y: np.ndarray) -> None:
    """Another right answer: annotations, functions imported by name, loops over np.arange."""
    columns: int = len(b)
    for i, j in product(range(x.shape[0]), np.arange(columns)):
        products = (operator.mul(x[i, k], w[k, j]) for k in np.arange(0, len(w)))
        y[i, j] = max(reduce(operator.add, products, ZERO) + b[j], ZERO)


# Wrong.


def adds_one(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            y[i, j] = 1 + max(sum(x[i, k] * w[k, j] for k in range(w.shape[0])) + b[j], 0)


def whole_arrays(x, w, b, y):
    y[...] = np.maximum(x @ w + b, 0)


def rows_by_slices(x, w, b, y):
    for i in range(len(x)):
        for j in range(len(b)):
            y[i, j] = max(np.dot(x[i, :], w[:, j]) + b[j], 0)


def by_the_package(x, w, b, y):
    y[...] = linear_relu(x, w, b)


def half_by_the_package(x, w, b, y):
    bias_relu_into(x @ w, b, y)


def rebinds_y(x, w, b, y):
    y = [[sum(x[i, k] * w[k, j] for k in range(len(w))) for j in range(len(b))] for i in range(len(x))]  # noqa: F841


def never_clears(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            for k in range(w.shape[0]):
                y[i, j] += x[i, k] * w[k, j]
            y[i, j] = max(y[i, j] + b[j], 0)


def clears_only_nan(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            total = 0 if np.isnan(y[i, j]) else y[i, j]
            for k in range(w.shape[0]):
                total += x[i, k] * w[k, j]
            y[i, j] = max(total + b[j], 0)


def no_relu(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            y[i, j] = sum(x[i, k] * w[k, j] for k in range(w.shape[0])) + b[j]


def relu_before_bias(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            y[i, j] = max(sum(x[i, k] * w[k, j] for k in range(w.shape[0])), 0) + b[j]


def writes_into_x(x, w, b, y):
    python_sum(x, w, b, y)
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            x[i, k] = max(x[i, k], 0)


def transposed(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            y[i, j] = max(sum(x[i, k] * w[j, k] for k in range(w.shape[0])) + b[j], 0)


def forgets_the_last_row(x, w, b, y):
    for i in range(x.shape[0] - 1):
        for j in range(w.shape[1]):
            y[i, j] = max(sum(x[i, k] * w[k, j] for k in range(w.shape[0])) + b[j], 0)


NUMBERS = {"numbers", "negative", "again"}
WRONG_LOOPS = {
    whole_arrays: {*NUMBERS, "untouched"},
    rows_by_slices: {*NUMBERS, "untouched"},
    by_the_package: {*NUMBERS, "untouched"},
    half_by_the_package: {*NUMBERS, "untouched"},
    rebinds_y: {*NUMBERS, "untouched"},
    never_clears: NUMBERS,
    clears_only_nan: {"again"},
    no_relu: NUMBERS,
    relu_before_bias: NUMBERS,
    writes_into_x: {"untouched"},
    transposed: {*NUMBERS, "untouched"},
    forgets_the_last_row: NUMBERS,
}
