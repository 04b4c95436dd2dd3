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
