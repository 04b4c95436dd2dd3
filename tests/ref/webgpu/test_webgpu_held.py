"""Elements of types that WGSL lacks: held in words where that is exact, refused by name where it is not."""

import re

import numpy as np
import pytest
import tvm
from tvm.script import ir as I
from tvm.script import tirx as T
from webgpu_programs import BYTE_STEPS, byte_step, elementwise, gather, masked_bytes, scaled_int64

from mlc_ref.webgpu import Unsupported, compile_kernels, from_json, simulated, with_reference
from mlc_ref.webgpu.compiling import inputs_of
from mlc_ref.webgpu.reference import disagreement, expect, recipe


def bound(artefact) -> dict[str, str]:
    """The element of each buffer in the WGSL of the only kernel."""
    return dict(re.findall(r"var<storage, \w+> (\w+)_ptr : array<(\w+)>", artefact.kernels[0].wgsl))


def test_each_type_is_held_in_words_that_have_all_its_values():
    artefact = compile_kernels(masked_bytes(), "bytes")
    assert bound(artefact) == {"mask": "u32", "given": "i32", "kept": "f32", "sums": "i32", "negative": "u32"}
    assert [tensor.dtype for tensor in artefact.tensors] == ["bool", "int8", "float32", "int8", "bool"]
    assert artefact.storages == (256,) * 5
    assert bound(compile_kernels(elementwise(64, "uint8"), "bytes")) == {"A": "u32", "B": "u32"}
    assert bound(compile_kernels(gather("int64"), "rows"))["ids"] == "i32"


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
@pytest.mark.parametrize("step", BYTE_STEPS)
def test_arithmetic_of_bytes_compiles_to_arithmetic_of_words(step: str, dtype: str):
    wgsl = compile_kernels(byte_step(step, dtype), step).kernels[0].wgsl
    assert set(re.findall(r"\b[iu](?:8|16|64)\b", wgsl)) == set()
    if step in ("add", "subtract", "multiply", "narrowed"):  # these leave the range of a byte
        assert "& 255" in wgsl


def test_vectors_of_bytes_are_held_too():
    assert bound(compile_kernels(byte_step("add", "int8", 4), "add")) == {"a": "i32", "b": "i32", "out": "i32"}


@pytest.mark.parametrize("dtype", ["float64", "bfloat16", "int16", "uint64"])
def test_types_that_nothing_holds_are_refused_with_parameter_and_type(dtype: str):
    with pytest.raises(Unsupported, match=rf"parameter A: got {dtype}, allowed float32, .*int64; cast in the program"):
        compile_kernels(elementwise(64, dtype), dtype)


def test_int64_that_may_not_fit_is_refused_and_exported_where_a_range_is_stated():
    said = r"function main, parameter A: got int64 values from -\d+ to \d+ in A\[.*\], allowed those that fit 32 bits.*ranges="
    with pytest.raises(Unsupported, match=said):
        compile_kernels(elementwise(64, "int64"), "copy")
    artefact = compile_kernels(elementwise(64, "int64"), "copy", ranges={"A": (-(2**31), 2**31 - 1)})
    assert bound(artefact) == {"A": "i32", "B": "i32"}


def test_every_step_of_int64_arithmetic_has_to_fit_not_just_its_operands():
    assert bound(compile_kernels(scaled_int64(1000), "scaled", ranges={"A": (0, 2_000_000)})) == {
        "A": "i32",
        "B": "i32",
    }
    with pytest.raises(
        Unsupported, match=r"parameter A: got int64 values from 0 to 3000000000 in A\[.*\] \* T.int64\(1000\)"
    ):
        compile_kernels(scaled_int64(1000), "scaled", ranges={"A": (0, 3_000_000)})
    with pytest.raises(Unsupported, match=r"got int64 values from 5000000000 to 5000000000 in T.int64\(5000000000\)"):
        compile_kernels(scaled_int64(5_000_000_000), "scaled", ranges={"A": (0, 0)})


def summed() -> tvm.IRModule:
    """A sum in int64, which grows with every step."""

    @I.ir_module
    class Summed:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((4, 64), "int64"), B: T.Buffer((4,), "int64")):
            for i in T.thread_binding(4, "threadIdx.x"):
                for j in range(64):
                    with T.sblock("sum"):
                        vi, vj = T.axis.remap("SR", [i, j])
                        with T.init():
                            B[vi] = T.int64(0)
                        B[vi] = B[vi] + A[vi, vj]

    return Summed


def test_a_sum_of_int64_whose_size_is_not_known_is_refused():
    with pytest.raises(
        Unsupported, match=r"function main, parameter .*: got int64 values from .*, allowed those that fit 32 bits"
    ):
        compile_kernels(summed(), "sum", ranges={"A": (0, 1)})


def test_an_operation_on_bytes_without_counterpart_is_refused_by_name():
    @I.ir_module
    class Counted:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "int8"), B: T.Buffer((64,), "int8")):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("count"):
                    vi = T.axis.spatial(64, i)
                    B[vi] = T.popcount(A[vi])

    with pytest.raises(
        Unsupported,
        match=r"function main: got popcount of int8 values in .*, allowed arithmetic, .*cast to int32 first",
    ):
        compile_kernels(Counted, "count")


@pytest.mark.parametrize(
    ("dtype", "least", "most"), [("bool", 0, 1), ("int8", -128, 127), ("uint8", 0, 255), ("int64", 0, 255)]
)
def test_inputs_of_held_types_have_all_their_usual_values(dtype: str, least: int, most: int):
    values = recipe((4096,), dtype, 7)
    assert values.dtype == dtype
    assert (values.min(), values.max(), len(np.unique(values))) == (least, most, most - least + 1)


def test_results_of_integers_are_compared_exactly_also_where_float32_would_round():
    values = np.array([2**24 + 1, -(2**31), 2**31 - 1, 0], "int64")
    expected = expect(0, values, 1e-4)
    assert expected.kind == "integers"
    assert disagreement(expected, values) is None
    assert disagreement(expected, values - 1) is not None
    assert disagreement(expected, values.astype("float32")) is not None


def test_an_artefact_with_held_types_comes_back_from_json_as_it_was():
    artefact = compile_kernels(masked_bytes(), "bytes")
    artefact = with_reference(artefact, simulated(masked_bytes(), artefact))
    assert from_json(artefact.to_json()) == artefact
    _, (mask, given) = inputs_of(artefact)
    assert artefact.reference is not None
    kept, sums, negative = artefact.reference.outputs
    wrapped = given + np.int8(100)
    assert disagreement(kept, np.where(mask, given, 0).astype("float32")) is None
    assert disagreement(sums, wrapped) is None
    assert disagreement(negative, wrapped < 0) is None


def of_two(value, dtype: str, result: str) -> tvm.IRModule:
    """``out[i] = value(a[i], b[i])`` for 64 elements."""

    @T.prim_func(s_tir=True)
    def main(a: T.Buffer((64,), dtype), b: T.Buffer((64,), dtype), out: T.Buffer((64,), result)):
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("step"):
                vi = T.axis.spatial(64, i)
                out[vi] = value(a[vi], b[vi])

    return tvm.IRModule({"main": main})


@pytest.mark.parametrize(
    ("dtype", "value", "of_numpy"),
    [
        (
            "int8",
            lambda a, b: T.max(T.Cast("int32", a + T.int8(100)), -28),
            lambda a, b: np.maximum(a + np.int8(100), -28),
        ),
        ("int8", lambda a, b: T.Cast("int32", T.Cast("int32", a - b) < -128 + 100), lambda a, b: a - b < -28),
        (
            "uint8",
            lambda a, b: T.max(T.Cast("int32", a + T.uint8(100)), 100),
            lambda a, b: np.maximum(a + np.uint8(100), 100),
        ),
        (
            "uint8",
            lambda a, b: T.max(T.Cast("int32", T.Cast("int8", a)), 0),
            lambda a, b: np.maximum(a.astype("int8"), 0),
        ),
        (
            "int8",
            lambda a, b: T.floormod(T.Cast("int32", T.Cast("uint8", a * b)), 7),
            lambda a, b: (a * b).view("uint8") % 7,
        ),
    ],
)
def test_bytes_wrap_around_also_where_tvm_would_simplify_as_if_they_did_not(dtype: str, value, of_numpy):
    program = of_two(value, dtype, "int32")
    artefact = compile_kernels(program, "step")
    assert "& 255" in artefact.kernels[0].wgsl
    assert re.search(r"max|%|<", artefact.kernels[0].wgsl.split("out[", 1)[-1])
    (out,) = simulated(program, artefact)
    _, (a, b) = inputs_of(artefact)
    assert np.array_equal(out, of_numpy(a, b).astype("int32"))


BOOLS = {
    "Add": np.add, "Mul": np.multiply, "Min": np.minimum, "Max": np.maximum, "BitwiseAnd": np.bitwise_and,
    "BitwiseOr": np.bitwise_or, "BitwiseXor": np.bitwise_xor, "LT": np.less, "LE": np.less_equal, "GT": np.greater,
    "GE": np.greater_equal, "EQ": np.equal, "NE": np.not_equal,
}  # fmt: skip


@pytest.mark.parametrize("operation", BOOLS)
def test_bools_are_computed_with_as_numpy_does_by_operations_that_wgsl_has_for_bools(operation: str):
    (line,) = re.findall(
        r"out_ptr\[.*\] = u32\((.*)\);",
        compile_kernels(of_two(getattr(tvm.tirx, operation), "bool", "bool"), "step").kernels[0].wgsl,
    )
    text = re.sub(r"\((\w)_ptr\[[^\]]*\] != 0u\)", r"\1", line).replace("bool(0)", "False")
    assert set(re.findall(r"[^\w\s()]+", text)) <= {"&", "|", "==", "!="}  # WGSL orders, adds and multiplies no bools
    a, b = np.array([[False, False, True, True], [False, True, False, True]])
    assert np.array_equal(eval(text, {"a": a, "b": b}), BOOLS[operation](a, b))


def test_an_operation_that_bools_do_not_have_is_refused():
    with pytest.raises(Unsupported, match=r"got Sub of bool values in .*cast to int32 first"):
        compile_kernels(of_two(tvm.tirx.Sub, "bool", "bool"), "step")


def test_bools_without_a_buffer_of_bools_are_computed_with_alike():
    program = of_two(lambda a, b: T.Cast("int32", tvm.tirx.Add(a < 0.0, b < 0.0)), "float32", "int32")
    assert "|" in compile_kernels(program, "step").kernels[0].wgsl.split("out_ptr[", 1)[1]


def test_a_shift_that_words_do_not_have_is_refused():
    def shifted(a, b):
        return T.shift_right(a, b)

    with pytest.raises(Unsupported, match=r"got a shift by 40 to 40 in .*, allowed 0 to 31"):
        compile_kernels(of_two(shifted, "int64", "int64"), "step", ranges={"a": (-5, 5), "b": (40, 40)})
    with pytest.raises(Unsupported, match=r"got a shift by -128 to 127 in .*, allowed 0 to 31"):
        compile_kernels(of_two(shifted, "int8", "int8"), "step")
    compile_kernels(of_two(shifted, "int8", "int8"), "step", ranges={"b": (0, 31)})
