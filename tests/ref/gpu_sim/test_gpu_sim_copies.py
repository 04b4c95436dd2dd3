"""Asynchronous copies as TVM emits them: a pipeline with its waits is right, one without a wait is a race."""

import numpy as np
import pytest
import tvm
from simulated import uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import DataRace, Options, Unsupported, lower_for_gpu, simulate

PIPELINE = {
    "software_pipeline_stage": [0, 1],
    "software_pipeline_order": [0, 1],
    "software_pipeline_async_stages": [0],
}


def rows_turned(vector=1):
    """Each row, turned round, through shared memory; the next row is on its way while one is stored."""
    n = 64 * vector

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((8, n), "float32"), B: T.Buffer((8, n), "float32")):
            for b in T.thread_binding(1, "blockIdx.x"):
                for i in T.serial(8, annotations=PIPELINE):
                    with T.sblock("row"):
                        vi = T.axis.spatial(8, i + b)
                        tile = T.sblock_alloc_buffer((n,), scope="shared")
                        with T.sblock("load"):
                            T.reads(A[vi, 0:n])
                            T.writes(tile[0:n])
                            for t in T.thread_binding(64, "threadIdx.x"):
                                for v in T.vectorized(vector):
                                    tile[t * vector + v] = A[vi, t * vector + v]
                        with T.sblock("store"):
                            T.reads(tile[0:n])
                            T.writes(B[vi, 0:n])
                            for t in T.thread_binding(64, "threadIdx.x"):
                                for v in T.serial(vector):
                                    B[vi, t * vector + v] = tile[n - 1 - (t * vector + v)]

    return Module


@pytest.fixture(autouse=True)
def asynchronous():
    with tvm.transform.PassContext(config={"tirx.use_async_copy": True}):
        yield


def run(mod, vector=1, **options):
    a = uniform(8, 64 * vector)
    result = simulate(mod, [a], [(a.shape, "float32")], options=Options(**options))
    np.testing.assert_array_equal(result.outputs[0], a[:, ::-1])
    return result.counters


@pytest.mark.parametrize("vector", [1, 4])
def test_a_pipeline_of_asynchronous_copies_runs(vector):
    """Two warps copy a row of each of 8 rows with one instruction each, of 4 or of 16 bytes a thread."""
    assert "cp_async_raw" in lower_for_gpu(rows_turned(vector)).script()
    found = run(rows_turned(vector), vector)
    assert found.global_load_requests == found.shared_store_requests == 8 * 2
    assert found.global_load_bytes == 8 * 64 * vector * 4
    assert found.shared_bytes_per_block == 2 * 64 * vector * 4, "one row is stored while the next is on its way"


def test_the_same_pipeline_runs_where_its_copies_are_plain():
    with tvm.transform.PassContext(config={"tirx.use_async_copy": False}):
        assert "cp_async_raw" not in lower_for_gpu(rows_turned()).script()
        assert run(rows_turned()).global_load_requests == 8 * 2


def changed(old, new):
    """The lowered pipeline with one thing changed; its barriers are in it."""
    source = lower_for_gpu(rows_turned()).script()
    assert old in source
    return tvm.script.from_source(source.replace(old, new))


def test_a_lowered_pipeline_runs_as_it_stands():
    run(changed("blockIdx_x", "block"), insert_barriers=False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"async_wait_inflight_count": 1', '"async_wait_inflight_count": 2'),
        ('"async_wait_inflight_count": 0', '"async_wait_inflight_count": 1'),
    ],
)
def test_a_missing_wait_is_a_race(old, new):
    with pytest.raises(
        DataRace, match=r"^load by .* buffer tile, index \d+, .*an asynchronous copy to it is under way"
    ):
        run(changed(old, new), insert_barriers=False)


def test_a_wait_without_a_barrier_orders_no_other_thread():
    source = lower_for_gpu(rows_turned()).script()
    barrier = 'T.tvm_storage_sync("shared")'
    *before, last = source.split(barrier)
    with pytest.raises(DataRace, match=r"read by .*buffer tile.*unordered with: write by .*cp_async_raw"):
        run(tvm.script.from_source(barrier.join(before) + "pass" + last), insert_barriers=False)


def test_a_copy_into_a_buffer_still_being_filled_is_a_race():
    with pytest.raises(DataRace, match=r"^store by .* buffer tile, .*an asynchronous copy to it is under way"):
        run(changed("(i + 1) % 2 * 64", "0"), insert_barriers=False)


def test_a_group_of_some_threads_is_refused():
    source = lower_for_gpu(rows_turned()).script().replace('T.tvm_storage_sync("shared")', "T.evaluate(0)")
    guarded = tvm.script.from_source(source.replace("for i in range(7):", "for i in range(threadIdx_x % 7):"))
    with pytest.raises(Unsupported, match="a group of asynchronous copies of some threads only is not supported"):
        run(guarded, insert_barriers=False, races=False)
