"""What is shown of generated programs is what was generated."""

import numpy as np
import pytest
import tvm
import tvm_ffi
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.harness import build, run
from mlc_ref.tensor_programs import programs
from mlc_ref.tensor_programs.axes import check_axes
from mlc_ref.tensor_programs.generated import arithmetic, complaint, llvm_function, without_blocks

LISTING = """
define internal void @main_compute_(ptr %X) {
  %1 = fadd <2 x float> %0, zeroinitializer
    #dbg_value(ptr %X, !1)
  %2 = fadd fast <2 x float> %1, %0
  %3 = fdiv float %2, %4
}
define i32 @__tvm_ffi_main(ptr %0) {
  %1 = fsub float %2, %4
}
"""


@I.ir_module
class Flat:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((7,), "float32"), Y: T.Buffer((7,), "float32")):
        for io, ii in T.grid(2, 4):
            if io * 4 + ii < 7:
                Y[io * 4 + ii] = X[io * 4 + ii] * T.float32(2)


def test_blocks_dissolve_into_the_loops_of_low_level_numpy():
    text = without_blocks(programs.CenterRows).script()
    assert "sblock" not in text
    assert "if k == 0:" in text
    assert "[i * 6 + k]" in text


def test_the_predicate_of_a_block_becomes_a_condition():
    flat = without_blocks(programs.DoubleSplit)
    assert tvm_ffi.structural_equal(flat, without_blocks(Flat))
    x = np.arange(7, dtype="float32")
    np.testing.assert_array_equal(run(flat, [x], [((7,), "float32")])[0], 2 * x)


def test_two_loops_for_one_axis_are_right():
    check_axes(programs.DoubleSplit)


def test_one_function_is_cut_out_of_a_listing():
    assert llvm_function(LISTING, "main_compute_").splitlines()[-1] == "}"
    assert "#dbg" not in llvm_function(LISTING, "main_compute_")
    assert "fsub" not in llvm_function(LISTING, "main_compute_")


def test_a_function_that_is_not_defined_is_refused():
    with pytest.raises(KeyError, match="the listing has main_compute_, __tvm_ffi_main"):
        llvm_function(LISTING, "other")


def test_arithmetic_is_counted_by_type():
    assert arithmetic(llvm_function(LISTING, "main_compute_")) == {"fadd <2 x float>": 2, "fdiv float": 1}


def test_the_compiled_function_divides_and_subtracts():
    text = llvm_function(build(programs.CenterRows).mod.inspect_source("ll"), "main_compute_")
    assert {kind.split()[0] for kind in arithmetic(text)} >= {"fadd", "fsub"}


def test_a_complaint_is_the_reason_alone():
    sch = tvm.s_tir.Schedule(programs.SumAllReduce)
    block = sch.get_sblock("total")
    with pytest.raises(tvm.s_tir.ScheduleError) as caught:
        sch.decompose_reduction(block, sch.get_loops(block)[0])
    assert complaint(caught.value).startswith("The block s_tir.SBlock#0 is not a reduction block")
    with pytest.raises(Exception, match="not well-formed") as caught:
        tvm.script.from_source(programs.LEAKS_LOOP_VARIABLE, {"T": T})
    assert complaint(caught.value).startswith("Well-formedness check failed")
    assert "\n" not in complaint(caught.value, width=1000)
    assert max(map(len, complaint(caught.value).splitlines())) <= 76
