"""Mistakes of order that the simulator finds, with the mistake and without it: races, and barriers not all reach."""

import re

import numpy as np
import pytest
import tvm
from gpu_cases import CASES, turned
from simulated import run, uniform
from tvm import te
from tvm.s_tir import Schedule, dlight
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import (
    BarrierDivergence,
    DataRace,
    Options,
    lower_for_gpu,
    programs,
    simulate,
)
from mlc_ref.targets import cuda_target

NO_THREAD_SYNC = Options(insert_barriers=False)


# Races in shared memory


@pytest.mark.parametrize(
    ("mod", "inputs", "shape", "buffer"),
    [
        (programs.transpose_shared(64), [uniform(64, 64)], (64, 64), "tile"),
        (programs.window_sum(1024), [uniform(1026)], (1024,), "window"),
        (programs.matmul_blocked(64), [uniform(64, 64), uniform(64, 64)], (64, 64), "[ab]"),
    ],
    ids=["transpose", "window", "matmul"],
)
def test_without_the_inserted_barriers_there_is_a_race(mod, inputs, shape, buffer):
    run(mod, inputs, shape)
    with pytest.raises(DataRace, match=rf"buffer {buffer}, index \d+, statement: .*; unordered with: write by"):
        run(mod, inputs, shape, options=NO_THREAD_SYNC)


def test_races_may_be_allowed():
    run(programs.window_sum(1024), [uniform(1026)], (1024,), options=Options(insert_barriers=False, races=False))


def rounds(first, second):
    """Fill, read, fill again: the barrier between reading and refilling is easily forgotten."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((4, 64), "float32"), B: T.Buffer((4, 64), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    line = T.sblock_alloc_buffer((64,), scope="shared")
                    for r in range(4):
                        line[vi] = A[r, vi]
                        if first:
                            T.evaluate(T.tvm_storage_sync("shared"))
                        B[r, vi] = line[63 - vi]
                        if second:
                            T.evaluate(T.tvm_storage_sync("shared"))

    return Module


@pytest.mark.parametrize("missing", ["first", "second"])
def test_both_barriers_of_a_loop_are_needed(missing):
    a = uniform(4, 64)
    np.testing.assert_array_equal(run(rounds(True, True), [a], (4, 64), options=NO_THREAD_SYNC), a[:, ::-1])
    with pytest.raises(DataRace, match="buffer line"):
        run(rounds(missing != "first", missing != "second"), [a], (4, 64), options=NO_THREAD_SYNC)


def same_element(distinct):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    if distinct:
                        B[vi] = A[vi]
                    else:
                        B[vi // 2] = A[vi]

    return Module


def test_two_threads_write_one_element():
    a = uniform(64)
    run(same_element(True), [a], (64,))
    with pytest.raises(DataRace, match=r"thread \(0, 0, 0\), buffer B, index 0.*unordered with.*thread \(1, 0, 0\)"):
        run(same_element(False), [a], (64,))


def settled(factor):
    """Every thread stores into one element what it has just loaded from it, times a factor."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    line = T.sblock_alloc_buffer((64,), scope="shared")
                    line[vi] = A[vi]
                    T.evaluate(T.tvm_storage_sync("shared"))
                    line[0] = line[0] * T.float32(factor)
                    T.evaluate(T.tvm_storage_sync("shared"))
                    B[vi] = line[0]

    return Module


def test_a_store_of_what_was_loaded_there_is_no_access_and_any_other_is_a_race():
    a = uniform(64)
    np.testing.assert_array_equal(run(settled(1.0), [a], (64,), options=NO_THREAD_SYNC), np.full(64, a[0]))
    with pytest.raises(DataRace, match="buffer line, index 0"):
        run(settled(2.0), [a], (64,), options=NO_THREAD_SYNC)


def scores(n, m):
    """A matrix-vector product and a bias as TVM's own rules schedule them: the sum goes across the threads of a block."""
    x, w, b = (te.placeholder(shape, "float32", name) for name, shape in {"x": (m,), "w": (n, m), "b": (n,)}.items())
    k = te.reduce_axis((0, m), "k")
    product = te.compute((n,), lambda i: te.sum(x[k] * w[i, k], k), "product")
    result = te.compute((n,), lambda i: product[i] + b[i], "result")
    mod = tvm.IRModule({"main": te.create_prim_func([x, w, b, result])})
    with cuda_target():
        return dlight.ApplyDefaultSchedule(dlight.gpu.GEMV(), dlight.gpu.Fallback())(mod)


def test_the_statement_that_lowering_leaves_after_a_sum_across_threads_is_no_race():
    mod, webgpu = scores(8, 96), tvm.target.Target({"kind": "webgpu", "max_num_threads": 256}, host="llvm")
    assert re.search(r"^ *(red_buf0\[.*\]) = \1$", lower_for_gpu(mod, webgpu)["main"].script(), re.MULTILINE)
    x, w, b = uniform(96), uniform(8, 96), uniform(8)
    found = simulate(mod, [x, w, b], [((8,), "float32")], target=webgpu).outputs[0]
    np.testing.assert_allclose(found, w @ x + b, rtol=1e-5)


def sum_across(threads, dtype="float32"):
    a, r = te.placeholder((4, threads), dtype, name="A"), te.reduce_axis((0, threads), "r")
    sch = Schedule(te.create_prim_func([a, te.compute((4,), lambda i: te.sum(a[i, r], axis=r), name="B")]))
    for loop, axis in zip(sch.get_loops("B"), ("blockIdx.x", "threadIdx.x"), strict=True):
        sch.bind(loop, axis)
    return sch.mod


@pytest.mark.parametrize(
    ("language", "advice"), [("en", "TVM's own.*multiple of 32"), ("zh", "由 TVM 自己生成.*32 的倍数")]
)
def test_a_race_in_a_sum_as_tvm_lowers_it_says_whose_code_it_is(language, advice, monkeypatch):
    monkeypatch.setenv("MLC_LANG", language)
    a = uniform(4, 128)
    np.testing.assert_allclose(run(sum_across(128), [a], (4,)), a.sum(1), rtol=1e-5)
    np.testing.assert_allclose(run(sum_across(20), [a[:, :20].copy()], (4,)), a[:, :20].sum(1), rtol=1e-5)
    with pytest.raises(DataRace, match=rf"(buffer|缓冲区) red_buf0.*{advice}"):
        run(sum_across(100), [a[:, :100].copy()], (4,))
    with pytest.raises(DataRace, match=rf"(buffer|缓冲区) red_buf0.*{advice}"):
        run(sum_across(64, "int8"), [np.ones((4, 64), "int8")], (4,), "int8")


def test_types_that_share_memory_race_where_their_bytes_meet():
    case = CASES["shared_memory_of_several_types"]
    simulate(tvm.IRModule({"main": turned()}), case.inputs, case.outputs, options=NO_THREAD_SYNC)
    with pytest.raises(
        DataRace, match=r"read by .*buffer x, index 127, .*unordered with: write by .*buffer x, index 63,"
    ):
        simulate(tvm.IRModule({"main": turned(first_barrier=False)}), case.inputs, case.outputs, options=NO_THREAD_SYNC)


# Barriers


def barrier_under(condition, reverse=False):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((2, 64), "float32"), B: T.Buffer((2, 64), "float32")):
            for b in T.thread_binding(2, "blockIdx.x"):
                for t in T.thread_binding(64, "threadIdx.x"):
                    with T.sblock("B"):
                        vb, vi = T.axis.remap("SS", [b, t])
                        line = T.sblock_alloc_buffer((64,), scope="shared")
                        line[vi] = A[vb, vi]
                        if condition(vb, vi):
                            T.evaluate(T.tvm_storage_sync("shared"))
                        B[vb, vi] = line[63 - vi if reverse else vi]

    return Module


def test_a_barrier_that_half_a_block_reaches():
    a = uniform(2, 64)
    with pytest.raises(BarrierDivergence, match=r"only 32 of 64 threads.*block \(0, 0, 0\), thread \(32, 0, 0\)"):
        run(barrier_under(lambda b, t: t < 32), [a], (2, 64))


def test_whole_blocks_may_leave_a_barrier_out():
    a = uniform(2, 64)
    result = simulate(barrier_under(lambda b, t: b == 0), [a], [((2, 64), "float32")])
    np.testing.assert_array_equal(result.outputs[0], a)
    assert result.counters.barriers == 1


def test_a_barrier_of_one_block_orders_no_other():
    a = uniform(2, 64)
    found = run(barrier_under(lambda b, t: b < 2, reverse=True), [a], (2, 64), options=NO_THREAD_SYNC)
    np.testing.assert_array_equal(found, a[:, ::-1])
    with pytest.raises(DataRace, match=r"read by kernel main_kernel, block \(1, 0, 0\).*buffer line"):
        run(barrier_under(lambda b, t: b == 0, reverse=True), [a], (2, 64), options=NO_THREAD_SYNC)
