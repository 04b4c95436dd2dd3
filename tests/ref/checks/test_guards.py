"""Guard zones: a program that writes beside its arguments is noticed, and what it reads there is never a number."""

import numpy as np
import pytest
import tvm
from tvm.script import tirx as T

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.guards import ALIGNMENT, Guarded, check_guards, guarded, tensors
from mlc_ref.harness import build, run
from mlc_ref.language import Text


def shifted(distance):
    """Copies four numbers, where the index of the write is read from memory and so not seen beforehand."""

    @T.prim_func(s_tir=True)
    def copy(A: T.Buffer((4,), "float32"), I: T.Buffer((1,), "int32"), C: T.Buffer((4,), "float32")):
        for i in range(4):
            with T.sblock("copy"):
                vi = T.axis.spatial(4, i)
                C[vi + I[0]] = A[vi]

    executable = build(tvm.IRModule({"main": copy.with_attr("global_symbol", "main")}))
    return run(executable, [np.ones(4, "float32"), np.array([distance], "int32")], [((4,), "float32")])


@pytest.mark.parametrize("distance", [-1, 1, 5])
def test_a_write_beside_an_argument_is_noticed(distance):
    with pytest.raises(CheckFailure, match="argument 3"):
        shifted(distance)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_is_read_beside_one_argument_and_written_beside_another_is_noticed(dtype):
    held = guarded([np.ones(4, dtype), np.ones(4, dtype)])
    beside = [np.lib.stride_tricks.as_strided(each.values, (5,)) for each in held]
    assert np.isnan(beside[0][4])
    beside[1][4] = beside[0][4] * 1
    with pytest.raises(CheckFailure, match="argument 2"):
        check_guards(held)


def test_a_write_inside_is_none():
    assert shifted(0)[0].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int8", "uint8", "int64", "bool"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 5, 3), (0, 4)])
def test_a_guarded_array_holds_what_it_was_given_and_is_aligned(dtype, shape):
    array = np.ones(shape, dtype)
    held = Guarded(array, Text.code("x"))
    assert np.array_equal(held.tensor.numpy(), array)
    assert held.values.dtype == array.dtype
    assert held.values.size == 0 or held.values.ctypes.data % ALIGNMENT == 0
    held.check()


def test_what_is_no_array_is_passed_on():
    arguments = guarded([np.ones(2, "float32"), 7])
    assert tensors(arguments)[1] == 7
    check_guards(arguments)
