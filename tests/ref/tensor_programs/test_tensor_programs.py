"""The tensor programs agree with their oracles, in low-level NumPy, in TensorIR and as generated."""

import numpy as np
import pytest
import tvm
import tvm_ffi

from mlc_ref.harness import error_bound, run
from mlc_ref.tensor_programs import generators, low_level, memory, programs, reference

SHAPES = [(1, 1), (1, 7), (5, 1), (4, 6), (3, 17)]


def matrix(rows, columns, dtype="float32"):
    return np.random.default_rng(rows * 100 + columns).normal(size=(rows, columns)).astype(dtype)


def assert_centered(found, x):
    """Within the rounding of a sum of ``columns`` numbers, a division and a subtraction."""
    bound = error_bound(x.shape[1] + 2) * (np.abs(x).max() * 2 + 1)
    np.testing.assert_allclose(found, reference.center_rows(x), rtol=0, atol=bound)


@pytest.mark.parametrize("shape", SHAPES)
def test_low_level_center_rows_fills_every_element(shape):
    x, y = matrix(*shape), np.full(shape, np.nan, "float32")
    low_level.center_rows(x, y)
    assert_centered(y, x)


@pytest.mark.parametrize("shape", SHAPES)
def test_low_level_row_max_starts_below_every_number(shape):
    x = -1 - np.abs(matrix(*shape))
    found = np.full(shape[0], np.nan, "float32")
    low_level.row_max(x, found)
    np.testing.assert_array_equal(found, reference.row_max(x))


@pytest.mark.parametrize(("n", "k", "m"), [(1, 1, 1), (2, 5, 3), (4, 1, 2)])
def test_low_level_matmul(n, k, m):
    a, b, c = matrix(n, k), matrix(k, m), np.full((n, m), np.nan, "float32")
    low_level.matmul(a, b, c)
    np.testing.assert_allclose(c, reference.matmul(a, b), rtol=1e-5, atol=1e-5)


def test_convolution_oracle_is_the_sum_of_its_definition():
    x = np.arange(2 * 3 * 6 * 5, dtype="float64").reshape(2, 3, 6, 5)
    w = np.arange(4 * 3 * 3 * 2, dtype="float64").reshape(4, 3, 3, 2)
    found = reference.conv2d(x, w, stride=2)
    assert found.shape == (2, 4, 2, 2)
    for n, o, i, j in np.ndindex(found.shape):
        assert found[n, o, i, j] == (x[n, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2] * w[o]).sum()


def test_pooling_oracle_keeps_negative_numbers():
    x = -np.arange(1.0, 26.0).reshape(1, 1, 5, 5)
    np.testing.assert_array_equal(reference.max_pool2d(x, 3, 2)[0, 0], [[-1, -3], [-11, -13]])


def test_softmax_oracle_does_not_overflow():
    np.testing.assert_allclose(reference.softmax(np.array([[1e4, 1e4]])), [[0.5, 0.5]])


@pytest.mark.parametrize("mod", [programs.CenterRows, programs.CenterRowsShort, programs.CenterRowsCanonical])
def test_center_rows_in_tensorir(mod):
    x = matrix(4, 6)
    assert_centered(run(mod, [x], [((4, 6), "float32")])[0], x)


@pytest.mark.parametrize("mod", [programs.CenterRowsShort, programs.CenterRowsCanonical])
def test_shorthand_and_canonical_form_are_one_program(mod):
    assert tvm_ffi.structural_equal(mod, programs.CenterRows)
    assert mod.script() == programs.CenterRows.script()


def test_a_program_with_another_constant_is_not_structurally_equal():
    assert not tvm_ffi.structural_equal(generators.center_rows_te(4, 6), generators.center_rows_te(4, 7))


@pytest.mark.parametrize("shape", SHAPES)
def test_symbolic_center_rows_takes_every_shape(shape):
    x = matrix(*shape)
    assert_centered(run(programs.CenterRowsSymbolic, [x], [(shape, "float32")])[0], x)


def test_symbolic_shapes_that_disagree_are_refused():
    with pytest.raises(ValueError, match=r"expected to match X\.shape\[1\]"):
        run(programs.CenterRowsSymbolic, [matrix(4, 6)], [((4, 5), "float32")])


def test_a_module_of_two_functions_has_two_entries():
    x, factors = -1 - np.abs(matrix(4, 6)), matrix(4, 1)[:, 0]
    (scaled,) = run(programs.RowTools, [x, factors], [((4, 6), "float32")], entry="scale_rows")
    (largest,) = run(programs.RowTools, [x], [((4,), "float32")], entry="row_max")
    np.testing.assert_allclose(scaled, reference.scale_rows(x, factors), rtol=1e-6)
    np.testing.assert_array_equal(largest, reference.row_max(x))


def test_int8_products_are_summed_exactly_in_int32():
    a = np.full((3, 300), -128, "int8")
    b = np.full((300, 2), 127, "int8")
    (found,) = run(programs.Int8Matmul, [a, b], [((3, 2), "int32")])
    np.testing.assert_array_equal(found, np.full((3, 2), -128 * 127 * 300))


@pytest.mark.parametrize("make", [generators.center_rows_te, generators.center_rows_captured])
@pytest.mark.parametrize("shape", SHAPES)
def test_generated_center_rows(make, shape):
    x = matrix(*shape)
    assert_centered(run(tvm.IRModule({"main": make(*shape)}), [x], [(shape, "float32")])[0], x)


@pytest.mark.parametrize("make", [generators.center_rows_te, generators.center_rows_captured])
def test_generators_make_the_program_written_by_hand(make):
    assert tvm_ffi.structural_equal(make(4, 6), programs.CenterRows["main"])


def test_float16_sums_stop_growing_and_float32_sums_do_not():
    x = np.ones((1, 4096), "float16")
    results = {}
    for total_dtype in ("float16", "float32"):
        mod = tvm.IRModule({"main": generators.center_rows_captured(1, 4096, "float16", total_dtype)})
        results[total_dtype] = run(mod, [x], [((1, 4096), "float16")])[0]
    np.testing.assert_array_equal(results["float32"], 0)
    np.testing.assert_array_equal(results["float16"], 0.5)


@pytest.mark.parametrize("shape", [(1,), (7,), (2, 3), (2, 1, 3, 2)])
def test_addition_of_any_rank(shape):
    a, b = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
    (found,) = run(tvm.IRModule({"main": generators.add_of_rank(shape)}), [a, b], [(shape, "float32")])
    np.testing.assert_array_equal(found, a + b)


@pytest.mark.parametrize("shape", [(), (2, 0)])
def test_addition_of_no_rank_or_no_elements_is_refused(shape):
    with pytest.raises(ValueError, match="one or more extents of at least 1"):
        generators.add_of_rank(shape)


def test_offsets_are_those_of_numpy():
    x = np.arange(24, dtype="float32").reshape(2, 3, 4)
    strides = memory.compact_strides(x.shape)
    assert strides == tuple(s // x.itemsize for s in x.strides)
    for index in np.ndindex(x.shape):
        assert x[index] == memory.element_offset(index, x.shape)
    assert memory.element_offset((1, 2), (2, 3), strides=(1, 2)) == 5


def test_an_index_outside_the_buffer_is_refused():
    with pytest.raises(IndexError, match=r"dimension 1 got 3, allowed 0 to 2"):
        memory.element_offset((0, 3), (2, 3))


@pytest.mark.parametrize("shape", [(1,), (3, 5), (7,)])
def test_aligned_arrays_are_used_in_place(shape):
    x = memory.aligned_empty(shape, "float32")
    x[...] = 1
    assert x.shape == shape
    assert x.ctypes.data % memory.ALIGNMENT == 0
    shared = tvm.runtime.from_dlpack(x)
    x[...] = 2
    np.testing.assert_array_equal(shared.numpy(), x)


def test_an_array_aligned_otherwise_is_refused():
    x = memory.aligned_empty((5,), "float32")[1:]
    with pytest.raises(RuntimeError, match="not aligned to 64 bytes"):
        tvm.runtime.from_dlpack(x)
