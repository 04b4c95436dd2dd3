"""Two programs are told apart by what they compute, never by how."""

import numpy as np
import pytest
from main_of import main_of
from tvm import te, tirx
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure
from mlc_ref.checks.equivalence import equivalent, random_array, same_signature, written_parameters
from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.schedules.programs import matmul, matmul_relu, row_sum, scale_add


@I.ir_module
class Unblocked:
    """scale_add(5) without a block and with other names."""

    @T.prim_func(s_tir=True)
    def main(P: T.Buffer((5,), "float32"), Q: T.Buffer((5,), "float32")):
        for t in T.serial(5):
            Q[4 - t] = T.float32(1) + T.float32(2) * P[4 - t]


@I.ir_module
class Forgets:
    """Never writes the last element."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5,), "float32"), Y: T.Buffer((5,), "float32")):
        for i in T.serial(4):
            Y[i] = X[i] * T.float32(2) + T.float32(1)


@I.ir_module
class ChangesInput:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5,), "float32"), Y: T.Buffer((5,), "float32")):
        for i in T.serial(5):
            Y[i] = X[i] * T.float32(2) + T.float32(1)
            X[i] = T.float32(0)


@I.ir_module
class Extern:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5,), "float32"), Y: T.Buffer((5,), "float32")):
        for i in T.serial(5):
            Y[i] = T.call_extern("float32", "no_such_symbol", X[i])


@I.ir_module
class SymbolicScale:
    @T.prim_func(s_tir=True)
    def main(x: T.handle, y: T.handle):
        n = T.int64()
        X = T.match_buffer(x, (n,), "float32")
        Y = T.match_buffer(y, (n,), "float32")
        for i in T.serial(n):
            Y[i] = X[i] * T.float32(2) + T.float32(1)


@I.ir_module
class SymbolicByFours:
    """Right for sizes that are multiples of four."""

    @T.prim_func(s_tir=True)
    def main(x: T.handle, y: T.handle):
        length = T.int64()
        X = T.match_buffer(x, (length,), "float32")
        Y = T.match_buffer(y, (length,), "float32")
        for i in T.serial(length // 4 * 4):
            Y[i] = X[i] * T.float32(2) + T.float32(1)


def test_schedules_and_rewritten_programs_are_equivalent():
    sch = Schedule(matmul(5, 6, 7))
    sch.reorder(*reversed(sch.get_loops("C")))
    equivalent(sch, matmul(5, 6, 7))
    equivalent(Unblocked, scale_add(5))
    equivalent(main_of(Unblocked), scale_add(5)["main"])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Forgets, r"found: nan \(1 of 5 elements differ\); where: argument Y"),
        (ChangesInput, "where: argument X"),
        (scale_add(6), r"expected: float32\[5\], float32\[5\]; found: float32\[6\], float32\[6\]"),
        (Extern, "no call of an external function; found: no_such_symbol"),
    ],
)
def test_what_is_not_equivalent_is_refused(wrong, message):
    with pytest.raises(CheckFailure, match=message):
        equivalent(wrong, scale_add(5))


def test_missing_epilogue_is_noticed():
    with pytest.raises(CheckFailure, match="elements differ"):
        equivalent(matmul(4, 4, 4), matmul_relu(4, 4, 4))


def test_symbolic_sizes_are_tried_one_by_one():
    sizes = [{"n": 8}, {"n": 1}]
    equivalent(SymbolicScale, SymbolicScale, sizes=sizes)
    equivalent(SymbolicByFours, SymbolicScale, sizes=sizes[:1])
    with pytest.raises(CheckFailure, match=r"argument Y \(n=1\)"):
        equivalent(SymbolicByFours, SymbolicScale, sizes=sizes)


def test_signatures_ignore_names():
    same_signature(SymbolicByFours, SymbolicScale)
    with pytest.raises(CheckFailure, match=r"float32\[n0\]"):
        same_signature(scale_add(5), SymbolicScale)


def test_outputs_are_what_is_written():
    assert written_parameters(matmul(2, 2, 2)["main"]) == [2]
    assert written_parameters(row_sum(2, 2)["main"]) == [1]
    assert written_parameters(main_of(ChangesInput)) == [0, 1]


def test_random_inputs_fit_the_type():
    rng = np.random.default_rng(0)
    assert random_array(rng, (100,), "float16").dtype == "float16"
    assert set(random_array(rng, (200,), "uint8")) == set(range(8))
    assert set(random_array(rng, (400,), "int8")) == set(range(-8, 8))
    assert random_array(rng, (3,), "bool").dtype == "bool"


def test_index_expressions_have_the_value_python_gives_them():
    i, j = te.var("i"), te.var("j")
    values = {i: np.arange(-3, 4), j: 2}
    assert evaluate(T.floordiv(i, j) * 4 + T.floormod(i, j), values).tolist() == [
        x // 2 * 4 + x % 2 for x in range(-3, 4)
    ]
    assert evaluate(T.truncdiv(i, j), values).tolist() == [-1, -1, 0, 0, 0, 1, 1]
    assert evaluate(T.truncmod(i, j), values).tolist() == [-1, 0, -1, 0, 1, 0, 1]
    assert evaluate(T.if_then_else(i < 0, 0, i), values).tolist() == [0, 0, 0, 0, 1, 2, 3]
    assert evaluate(i >> 1, values).tolist() == [-2, -1, -1, 0, 0, 1, 1]
    assert evaluate((i & 1) + (i << 1), values).tolist() == [-5, -4, -1, 0, 3, 4, 7]
    assert constant(T.int32(3) + 4) == 7
    assert constant(i + 1) is None
    with pytest.raises(ValueError, match="no value for variable j"):
        evaluate(i + j, {i: 1})
    with pytest.raises(ValueError, match="cannot evaluate"):
        evaluate(T.exp(T.float32(1)), {})


def test_an_expression_without_a_value_is_told_in_the_readers_language(monkeypatch):
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(ValueError, match=r"^下标表达式：变量 n 没有值$"):
        evaluate(tirx.Var("n", "int32") + 1, {})
    with pytest.raises(ValueError, match=r"^下标表达式：无法计算 .* 中的 Call$"):
        evaluate(T.exp(T.float32(1)), {})
