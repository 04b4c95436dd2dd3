"""Checks on blocks and calls, each with programs that meet the requirement and programs that do not."""

import pytest
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure
from mlc_ref.checks.blocks import (
    annotated,
    axis_extents,
    axis_kinds,
    block_count,
    bound_to_threads,
    decomposed,
    fused_epilogue,
    has_init,
    inlined,
    no_block,
    reads_buffers,
    replays_on,
)
from mlc_ref.checks.calls import called, no_extern_calls, uses_intrinsic
from mlc_ref.checks.sites import reducing
from mlc_ref.schedules.programs import chain, matmul, matmul_relu, row_sum, scale_add


@I.ir_module
class RowSumByHand:
    """A reduction whose start was written as a block of its own, not by decompose_reduction."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), S: T.Buffer((4,), "float32")):
        for i in T.serial(4):
            with T.sblock("zero"):
                vi = T.axis.spatial(4, i)
                S[vi] = T.float32(0)
            for k in T.serial(6):
                with T.sblock("sum"):
                    vi, vk = T.axis.remap("SR", [i, k])
                    S[vi] = S[vi] + X[vi, vk]


@I.ir_module
class RowSumWithoutStart:
    """Adds to whatever the output held."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), S: T.Buffer((4,), "float32")):
        for i, k in T.grid(4, 6):
            with T.sblock("sum"):
                vi, vk = T.axis.remap("SR", [i, k])
                S[vi] = S[vi] + X[vi, vk]


@I.ir_module
class RowSumStartsElsewhere:
    """Sets another buffer to zero than the one it adds to."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), S: T.Buffer((4,), "float32"), Z: T.Buffer((4,), "float32")):
        for i in T.serial(4):
            with T.sblock("zero"):
                vi = T.axis.spatial(4, i)
                Z[vi] = T.float32(0)
        for i, k in T.grid(4, 6):
            with T.sblock("sum"):
                vi, vk = T.axis.remap("SR", [i, k])
                S[vi] = S[vi] + X[vi, vk]


@I.ir_module
class CallsLibrary:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4,), "float32"), Y: T.Buffer((4,), "float32")):
        for i in T.serial(4):
            with T.sblock("Y"):
                vi = T.axis.spatial(4, i)
                Y[vi] = T.call_extern("float32", "my_function", X[vi]) + T.exp(X[vi])


def decomposed_matmul() -> Schedule:
    sch = Schedule(matmul(4, 4, 4))
    sch.decompose_reduction("C", sch.get_loops("C")[2])
    return sch


def test_a_reduction_counts_as_decomposed_however_it_came_about():
    decomposed(decomposed_matmul())
    decomposed(RowSumByHand)


def test_a_reduction_with_init_or_without_any_start_is_not_decomposed():
    with pytest.raises(CheckFailure, match=r"found: T.init inside the block; where: block S"):
        decomposed(row_sum(4, 6))
    with pytest.raises(CheckFailure, match="found: no block that does; where: block sum"):
        decomposed(RowSumWithoutStart)
    with pytest.raises(CheckFailure, match="found: no block that does; where: block sum"):
        decomposed(RowSumStartsElsewhere)


def test_has_init_is_the_opposite():
    has_init(row_sum(4, 6))
    with pytest.raises(CheckFailure, match=r"found: no T.init; where: block C_update"):
        has_init(decomposed_matmul())


def test_block_count_and_names():
    block_count(chain(4, 4), 3)
    with pytest.raises(CheckFailure, match="expected: 2 blocks; found: P, E, C"):
        block_count(chain(4, 4), 2)


def test_axes_are_compared_as_a_set():
    axis_kinds(matmul(4, 5, 6), None, "RSS")
    axis_extents(matmul(4, 5, 6), None, [6, 5, 4])
    with pytest.raises(CheckFailure, match="expected: SSS; found: SSR"):
        axis_kinds(matmul(4, 5, 6), None, "SSS")
    with pytest.raises(CheckFailure, match=r"found: \[4, 5, 6\]"):
        axis_extents(matmul(4, 5, 6), None, [4, 5, 7])


def test_inlined_means_the_buffer_is_gone():
    sch = Schedule(chain(4, 4))
    with pytest.raises(CheckFailure, match="expected: no buffer P; found: used by P, E"):
        inlined(sch, "P")
    sch.compute_inline("P")
    inlined(sch, "P")
    no_block(sch, "P")
    sch.reverse_compute_inline("C")
    inlined(sch, "E")
    with pytest.raises(CheckFailure, match="expected: no block E; found: E"):
        no_block(sch, "E")


def test_no_block_takes_a_property_too():
    no_block(scale_add(4), reducing)
    with pytest.raises(CheckFailure, match="no such block; found: C"):
        no_block(matmul(4, 4, 4), reducing)


def test_an_epilogue_is_fused_at_any_depth_or_inlined():
    for depth in (0, 1):
        sch = Schedule(matmul_relu(4, 4, 4))
        sch.reverse_compute_at("C", sch.get_loops("Y")[depth])
        fused_epilogue(sch)
    fused_epilogue(matmul(4, 4, 4))
    with pytest.raises(CheckFailure, match="in the loops of block Y; found: a loop nest of its own; where: block C"):
        fused_epilogue(matmul_relu(4, 4, 4))


def test_reads_leave_out_what_is_updated_in_place():
    reads_buffers(matmul(4, 4, 4), "C", {"A", "B"})
    reads_buffers(decomposed_matmul(), "C_update", {"A", "B"})
    with pytest.raises(CheckFailure, match=r"found: \['A', 'B'\]"):
        reads_buffers(matmul(4, 4, 4), "C", {"A"})


def test_annotations_on_block_and_loop_are_both_found():
    sch = Schedule(scale_add(8))
    sch.annotate(sch.get_loops("Y")[0], "pragma_auto_unroll_max_step", 16)
    annotated(sch, "Y", "pragma_auto_unroll_max_step", 16)
    annotated(sch, "Y", "pragma_auto_unroll_max_step")
    sch.annotate(sch.get_sblock("Y"), "role", "output")
    annotated(sch, "Y", "role", "output")
    with pytest.raises(CheckFailure, match="expected: role = input; found: output"):
        annotated(sch, "Y", "role", "input")
    with pytest.raises(CheckFailure, match="expected: other; found: none"):
        annotated(sch, "Y", "other")


def test_threads():
    sch = Schedule(scale_add(64))
    block, thread = sch.split(sch.get_loops("Y")[0], [None, 16])
    sch.bind(block, "blockIdx.x")
    with pytest.raises(CheckFailure, match=r"found: blockIdx\.x"):
        bound_to_threads(sch, None, {"blockIdx.x", "threadIdx.x"})
    sch.bind(thread, "threadIdx.x")
    bound_to_threads(sch, None, {"blockIdx.x", "threadIdx.x"})


def test_a_trace_replays_on_the_module_it_was_made_for_and_not_on_another():
    replays_on(decomposed_matmul(), matmul(4, 4, 4))
    with pytest.raises(CheckFailure, match="steps that apply"):
        replays_on(decomposed_matmul(), scale_add(4))
    with pytest.raises(CheckFailure, match="a Schedule with a trace; found: IRModule"):
        replays_on(matmul(4, 4, 4), matmul(4, 4, 4))


def test_external_calls_are_found_and_builtin_functions_are_not():
    no_extern_calls(chain(4, 4))
    assert called(CallsLibrary) == ["my_function", "tirx.exp"]
    with pytest.raises(CheckFailure, match="found: my_function"):
        no_extern_calls(CallsLibrary)
    sch = Schedule(scale_add(4))
    sch.annotate(sch.get_sblock("Y"), "pragma_import_c", "int f();")
    with pytest.raises(CheckFailure, match="pragma_import_c"):
        no_extern_calls(sch)


def test_uses_intrinsic_counts_calls_in_the_program():
    uses_intrinsic(CallsLibrary, "my_function")
    with pytest.raises(CheckFailure, match=r"at least 2 call of my_function; found: my_function, tirx.exp"):
        uses_intrinsic(CallsLibrary, "my_function", at_least=2)
