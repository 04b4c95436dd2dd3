"""Races between blocks, which no barrier orders, with the mistake and without it."""

import numpy as np
import pytest
from simulated import run, uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import DataRace, Options, simulate

NO_THREAD_SYNC = Options(insert_barriers=False)


def shift_in_place(step, reader):
    """One thread reads the element ``step`` further on, which may be another block's."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((128,), "float32"), B: T.Buffer((128,), "float32")):
            for b in T.thread_binding(4, "blockIdx.x"):
                for t in T.thread_binding(32, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(128, b * 32 + t)
                        B[vi] = A[vi]
                        T.evaluate(T.tvm_storage_sync("shared"))
                        if vi == reader:
                            B[vi] = B[(vi + step) % 128] * T.float32(2)

    return Module


@pytest.mark.parametrize("reader", [0, 96])
@pytest.mark.parametrize("threads_per_pass", [32, 1 << 16])
def test_a_block_reads_what_another_writes(threads_per_pass, reader):
    """The first block reads what the second will write; the last reads what the first has written."""
    options = Options(threads_per_pass=threads_per_pass, uninitialized=False)
    run(shift_in_place(1, reader), [uniform(128)], (128,), options=options)
    with pytest.raises(DataRace, match="buffer B"):
        run(shift_in_place(32, reader), [uniform(128)], (128,), options=options)


def write_by_blocks(distinct):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((128,), "float32"), B: T.Buffer((128,), "float32")):
            for b in T.thread_binding(4, "blockIdx.x"):
                for t in T.thread_binding(32, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(128, b * 32 + t)
                        if distinct:
                            B[vi] = A[vi]
                        else:
                            B[vi % 32] = A[vi]

    return Module


@pytest.mark.parametrize("threads_per_pass", [32, 1 << 16])
def test_two_blocks_write_one_element(threads_per_pass):
    options = Options(threads_per_pass=threads_per_pass)
    run(write_by_blocks(True), [uniform(128)], (128,), options=options)
    with pytest.raises(DataRace, match="buffer B, index 0"):
        run(write_by_blocks(False), [uniform(128)], (128,), options=options)


def block_totals(atomic):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((128,), "int32"), B: T.Buffer((1,), "int32")):
            for one in T.thread_binding(1, "threadIdx.x"):
                with T.sblock("clear"):
                    B[one] = 0
            for b in T.thread_binding(4, "blockIdx.x"):
                for t in T.thread_binding(32, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(128, b * 32 + t)
                        if atomic:
                            T.evaluate(T.call_extern("int32", "atomicAdd", T.address_of(B[0]), A[vi]))
                        else:
                            B[0] = B[0] + A[vi]

    return Module


@pytest.mark.parametrize("threads_per_pass", [32, 1 << 16])
def test_blocks_may_share_an_element_only_atomically(threads_per_pass):
    a = np.arange(128, dtype="int32")
    options = Options(threads_per_pass=threads_per_pass)
    assert run(block_totals(True), [a], (1,), "int32", options)[0] == a.sum()
    with pytest.raises(DataRace, match="buffer B, index 0"):
        run(block_totals(False), [a], (1,), "int32", options)


def counted_then_read(reader, barrier):
    """Every thread adds to one element; one reads it."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(B: T.Buffer((1,), "int32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    total = T.sblock_alloc_buffer((1,), "int32", scope="shared")
                    if vi == 0:
                        total[0] = 0
                    T.evaluate(T.tvm_storage_sync("shared"))
                    T.evaluate(T.call_extern("int32", "atomicAdd", T.address_of(total[0]), 1))
                    if barrier:
                        T.evaluate(T.tvm_storage_sync("shared"))
                    if vi == reader:
                        B[0] = total[0]

    return Module


@pytest.mark.parametrize("reader", [0, 1, 31, 32, 62, 63])
def test_whoever_reads_what_others_update_needs_a_barrier(reader):
    assert run(counted_then_read(reader, True), [], (1,), "int32", NO_THREAD_SYNC)[0] == 64
    with pytest.raises(
        DataRace, match=rf"read by .* thread \({reader}, 0, 0\).*unordered with: atomic update by .*thread"
    ):
        run(counted_then_read(reader, False), [], (1,), "int32", NO_THREAD_SYNC)


def cleared_and_counted(clears):
    """Block 0 stores to the element that all blocks update."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((4,), "int32"), B: T.Buffer((1,), "int32")):
            for b in T.thread_binding(4, "blockIdx.x"):
                for t in T.thread_binding(1, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(4, b + t)
                        if vi == 0 and clears == 1:
                            B[0] = 0
                        T.evaluate(T.call_extern("int32", "atomicAdd", T.address_of(B[0]), A[vi]))
                        if vi == 0 and clears == 2:
                            B[0] = 0

    return Module


@pytest.mark.parametrize("threads_per_pass", [1, 1 << 16])
@pytest.mark.parametrize("clears", [1, 2])
def test_a_block_that_stores_and_updates_races_with_blocks_that_update(clears, threads_per_pass):
    a, options = np.arange(4, dtype="int32"), Options(threads_per_pass=threads_per_pass)
    start = np.zeros(1, "int32")
    assert simulate(cleared_and_counted(0), [a], [start], options=options).outputs[0] == 6
    with pytest.raises(DataRace, match="buffer B, index 0"):
        simulate(cleared_and_counted(clears), [a], [start], options=options)
