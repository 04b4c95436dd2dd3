"""Bytes and scopes of what a TensorIR function allocates."""

import pytest
from tvm.s_tir import Schedule

from mlc_ref.checks import CheckFailure
from mlc_ref.checks.memory import (
    allocated_bytes,
    allocates_at_most,
    allocations,
    has_buffer,
    no_intermediates,
    root_allocations,
    scope_of,
)
from mlc_ref.schedules.programs import chain, matmul_relu, scale_add


def fused(depth: int) -> Schedule:
    sch = Schedule(matmul_relu(8, 8, 8))
    sch.reverse_compute_at("C", sch.get_loops("Y")[depth])
    return sch


def test_what_is_stated_and_what_lowering_leaves_of_it():
    assert allocated_bytes(matmul_relu(8, 8, 8)) == 8 * 8 * 4
    assert allocated_bytes(fused(0)) == 8 * 4
    assert allocated_bytes(fused(1)) == 4
    assert allocated_bytes(fused(1), compact=False) == 8 * 8 * 4


def test_only_the_scopes_asked_for_count():
    sch = fused(1)
    sch.set_scope("Y", 0, "local")
    assert allocated_bytes(sch, scopes=["local"]) == 4
    assert allocated_bytes(sch, scopes=["global"]) == 0
    scope_of(sch, "Y_local", "local")
    with pytest.raises(CheckFailure, match=r"buffer Y_local in scope shared; found: A in global, .*Y_local in local"):
        scope_of(sch, "Y_local", "shared")


def test_a_limit_names_the_buffers_over_it():
    allocates_at_most(fused(0), 32)
    with pytest.raises(CheckFailure, match=r"at most 31 bytes; found: 32 bytes \(Y 32\)"):
        allocates_at_most(fused(0), 31)


def test_no_intermediates_after_inlining():
    no_intermediates(scale_add(4))
    sch = Schedule(chain(4, 4))
    assert [b.name for b in root_allocations(sch)] == ["P", "E"]
    with pytest.raises(CheckFailure, match="found: P, E"):
        no_intermediates(sch)
    sch.compute_inline("P")
    sch.compute_inline("E")
    no_intermediates(sch)


def test_a_buffer_is_found_by_what_it_is():
    sch = Schedule(chain(4, 6))
    has_buffer(sch, shape=(4, 6), dtype="float32", scope="global")
    with pytest.raises(CheckFailure, match=r"P float32 \[4, 6\] global"):
        has_buffer(sch, scope="shared")
    with pytest.raises(CheckFailure):
        has_buffer(sch, shape=(6, 4))


def test_a_reduction_with_init_and_thread_bindings_can_be_measured():
    sch = Schedule(matmul_relu(8, 8, 8))
    i, j = sch.get_loops("C")
    sch.bind(i, "blockIdx.x")
    sch.bind(j, "threadIdx.x")
    sch.compute_at("Y", j)
    sch.set_scope("Y", 0, "local")
    assert [list(b.shape) for b in allocations(sch)] == [[1, 1]]
