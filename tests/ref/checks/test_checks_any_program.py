"""Checks on programs nobody foresaw: a right answer or a ``CheckFailure``, never another error."""

import inspect
from contextlib import suppress

import numpy as np
import pytest
import tvm
from present import present
from tvm import tirx
from tvm.script import tirx as T

from mlc_ref.checks import blocks, calls, contributing, declared, equivalence, loops, memory, sites, threads
from mlc_ref.checks.failure import CheckFailure, judging
from mlc_ref.checks.loops import Loop


@T.prim_func(s_tir=True)
def scaled(alpha: T.float32, A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("B"):
            vi = T.axis.spatial(8, i)
            B[vi] = A[vi] * alpha


@T.prim_func(s_tir=True)
def shifted(alpha: T.float32, A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("B"):
            vi = T.axis.spatial(8, i)
            B[vi] = A[vi] + alpha


@T.prim_func(s_tir=True)
def sized(n: T.int32, A: T.Buffer((8,), "int32")):
    for i in range(8):
        with T.sblock("A"):
            vi = T.axis.spatial(8, i)
            A[vi] = n


@T.prim_func(s_tir=True)
def fused_rows(a: T.handle, b: T.handle):
    n = T.int32()
    A = T.match_buffer(a, (4, n), "float32")
    B = T.match_buffer(b, (4, n), "float32")
    for f in range(4 * n):
        with T.sblock("B"):
            vi = T.axis.spatial(4, f // n)
            vj = T.axis.spatial(n, f % n)
            B[vi, vj] = A[vi, vj] + T.float32(1)


@T.prim_func(s_tir=True)
def triangle(A: T.Buffer((8, 8), "float32")):
    for i in range(8):
        for j in range(i + 1):
            with T.sblock("A"):
                vi, vj = T.axis.remap("SS", [i, j])
                A[vi, vj] = T.float32(0)


@T.prim_func(s_tir=True)
def gathered(I: T.Buffer((8,), "int32"), A: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("A"):
            vi = T.axis.spatial(8, I[i])
            A[vi] = T.float32(0)


@T.prim_func(s_tir=True)
def writes_nothing(A: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("A"):
            T.axis.reduce(8, i)
            T.reads()
            T.writes()
            T.evaluate(0)


@T.prim_func(s_tir=True)
def annotated_wrongly(A: T.Buffer((8,), "float32")):
    B = T.sblock_alloc_buffer((8,), "float32")
    for i in range(8):
        with T.sblock("B"):
            vi = T.axis.spatial(8, i)
            T.sblock_attr({"buffer_dim_align": 7, "software_pipeline_stage": "no list", "double_buffer_scope": -1})
            B[vi] = A[vi]
    for i in T.serial(8, annotations={"software_pipeline_stage": [0, "a"], "pragma_unroll": "much"}):
        with T.sblock("A"):
            vi = T.axis.spatial(8, i)
            A[vi] = B[vi]


PROGRAMS = {
    "a scalar": scaled,
    "a size as a scalar": sized,
    "unknown length": fused_rows,
    "a triangle": triangle,
    "indices from memory": gathered,
    "nothing written": writes_nothing,
    "annotations of other types": annotated_wrongly,
    "no body": tirx.PrimFunc([], tirx.Evaluate(0)),
    "a handle": tirx.PrimFunc([tirx.Var("p", "handle")], tirx.Evaluate(0)),
    "no program": tvm.IRModule({}),
}
CHECKS = {
    "block_count": lambda s: blocks.block_count(s, 1),
    "axis_kinds": lambda s: blocks.axis_kinds(s, None, "S"),
    "axis_extents": lambda s: blocks.axis_extents(s, None, [8]),
    "no_block": lambda s: blocks.no_block(s, "C"),
    "inlined": lambda s: blocks.inlined(s, "C"),
    "has_init": blocks.has_init,
    "decomposed": blocks.decomposed,
    "reads_buffers": lambda s: blocks.reads_buffers(s, None, {"A"}),
    "annotated": lambda s: blocks.annotated(s, None, "buffer_dim_align", 7),
    "fused_epilogue": blocks.fused_epilogue,
    "bound_to_threads": lambda s: blocks.bound_to_threads(s, None, {"threadIdx.x"}),
    "no_extern_calls": calls.no_extern_calls,
    "uses_intrinsic": lambda s: calls.uses_intrinsic(s, "dot"),
    "computes_by_axes": contributing.computes_by_axes,
    "stores_in_blocks": lambda s: declared.stores_in_blocks(s, loads=4),
    "same_signature": lambda s: equivalence.same_signature(s, scaled),
    "equivalent": lambda s: equivalence.equivalent(s, s, sizes=[{"n": 3}]),
    "describe": lambda s: [loops.describe(each) for each in sites.sites(s)],
    "loop_nest": lambda s: loops.loop_nest(s, None, [Loop(0, 8)]),
    "has_loop": lambda s: loops.has_loop(s, None, Loop(0, 8)),
    "no_loop": lambda s: loops.no_loop(s, None, Loop(0, 8)),
    "extent_at_most": lambda s: loops.extent_at_most(s, None, "serial", 8),
    "computed_at": lambda s: loops.computed_at(s, "B", "A"),
    "same_structure": lambda s: loops.same_structure(s, scaled),
    "allocations": memory.allocations,
    "allocates_at_most": lambda s: memory.allocates_at_most(s, 8),
    "no_intermediates": memory.no_intermediates,
    "has_buffer": lambda s: memory.has_buffer(s, shape=(8,)),
    "scope_of": lambda s: memory.scope_of(s, "A", "global"),
    "root_allocations": memory.root_allocations,
    "in_kernels": threads.in_kernels,
    "threads_at_least": lambda s: threads.threads_at_least(s, None, 2),
}


def test_no_check_of_the_package_is_left_out():
    modules = (blocks, calls, contributing, declared, equivalence, loops, memory, threads)
    public = {
        name
        for module in modules
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and hasattr(each, "__wrapped__")
    }
    assert public - {"compacted"} == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_check_judges_any_program(program, check):
    with suppress(CheckFailure):
        CHECKS[check](PROGRAMS[program])


def test_programs_with_scalars_are_compared():
    equivalence.equivalent(scaled, scaled)
    equivalence.equivalent(sized, sized, sizes=[{"n": 5}])
    with pytest.raises(CheckFailure, match="argument B"):
        equivalence.equivalent(shifted, scaled)
    with pytest.raises(CheckFailure, match="expected: float32, "):
        equivalence.same_signature(sized, scaled)


def test_a_fused_loop_of_unknown_length_moves_both_axes():
    (site,) = sites.sites(fused_rows)
    assert loops.describe(site) == "serial axis (0, 1) × any"
    loops.has_loop(fused_rows, "B", Loop((0, 1), kind="serial"))
    with pytest.raises(CheckFailure):
        loops.no_loop(fused_rows, "B", Loop((0, 1)))
    loops.no_loop(fused_rows, "B", Loop(0))


def test_a_loop_as_long_as_another_says_moves_its_axis():
    (site,) = sites.sites(triangle)
    assert loops.describe(site) == "serial axis 0 × 8 > serial axis 1 × any"


def test_what_a_check_cannot_follow_says_why_and_a_wrong_call_of_a_check_stays_a_mistake():
    @judging
    def check(subject):
        raise ValueError("not this\nsize unknown")

    with pytest.raises(CheckFailure) as found:
        check(None)
    assert (found.value.found.en, present(found.value.where).en) == ("size unknown", "check")
    assert "这项检查能够理解的程序" in found.value.message.zh
    with pytest.raises(TypeError):
        check()  # type: ignore[call-arg]


def test_random_arguments_of_a_scalar_are_numbers():
    values = equivalence._arguments(scaled, [2], {}, np.random.default_rng(0))
    assert isinstance(values[0], float)
    assert values[1].shape == (8,)
