"""Counts from the IR against formulas, against the cache model's trace and against the GPU simulator."""

import numpy as np
import pytest
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T

from mlc_ref.auto_tuning.workloads import fused, mlp_module
from mlc_ref.cache_model import traffic
from mlc_ref.gpu import programs as gpu_programs
from mlc_ref.gpu.schedules import matmul as gpu_matmul
from mlc_ref.gpu.schedules import vector_add
from mlc_ref.gpu_sim import simulate
from mlc_ref.performance_models.counting import Counts, count, counts_of_calls
from mlc_ref.performance_models.executed import executed
from mlc_ref.performance_models.programs import chase
from mlc_ref.schedules import programs
from mlc_ref.schedules.kernels import programs as kernels
from mlc_ref.schedules.kernels.rows import by_rows
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.tiles import Tiles
from mlc_ref.targets import CpuFeatures
from mlc_ref.tensor_programs.programs import CenterRowsSymbolic

TILES = Tiles(lanes=4, rows=4, columns=8, depth=8, row_tiles=2, tasks=2, pack_a=True)


def test_a_product_is_counted_by_its_formula_at_a_size_that_could_not_be_traced():
    m, n, k = 1000, 2000, 3000
    found = count(programs.matmul(m, n, k))
    assert found == Counts(
        loads=3 * m * n * k, stores=m * n * k + m * n, loaded_bytes=12 * m * n * k, stored_bytes=4 * (m * n * k + m * n),
        flops=2 * m * n * k, least_bytes=4 * (m * k + k * n + m * n),
    )  # fmt: skip
    assert found.intensity == pytest.approx(2 * m * n * k / (4 * (m * k + k * n + m * n)))
    assert found.accessed_bytes == found.loaded_bytes + found.stored_bytes


@pytest.mark.parametrize("version", LADDER)
def test_every_version_of_the_ladder_loads_and_stores_what_the_trace_holds(version):
    sch = LADDER[version](programs.matmul(19, 21, 17), TILES)
    found, traced = count(sch), traffic(sch, 1024)
    assert (found.loads, found.stores) == (traced.loads, traced.stores)
    assert found.least_bytes == 4 * (19 * 17 + 17 * 21 + 19 * 21)


@pytest.mark.parametrize(
    "program",
    [kernels.softmax(4, 32), by_rows(kernels.layer_norm(4, 32), CpuFeatures(avx2=True)),
     kernels.conv2d_bias_relu(5, 6, 3, 8), programs.total(7)],
    ids=["softmax", "layer_norm by rows", "conv2d", "total"],
)  # fmt: skip
def test_other_programs_load_and_store_what_the_trace_holds(program):
    found, traced = count(program), traffic(program, 1024)
    assert (found.loads, found.stores) == (traced.loads, traced.stores)


def test_a_gpu_kernel_computes_and_loads_what_the_simulator_counts():
    added = vector_add.one_element_a_thread(Schedule(gpu_programs.vector_add(256)), 64)
    counters = simulate(added.mod, [np.ones(256, "float32")] * 2, [((256,), "float32")]).kernels[0].counters
    found = count(added)
    assert found.flops == counters.flops == 256
    assert found.loaded_bytes == counters.global_load_bytes
    assert found.stored_bytes == counters.global_store_bytes
    product = gpu_matmul.shared_blocking(Schedule(gpu_programs.matmul(128, 128, 32)))
    arrays = [np.ones((128, 32), "float32"), np.ones((32, 128), "float32")]
    counters = simulate(product.mod, arrays, [((128, 128), "float32")]).kernels[0].counters
    assert count(product, registers=("local", "shared")).flops == counters.flops == 2 * 128 * 128 * 32


@T.prim_func(s_tir=True)
def triangle(A: T.Buffer((8, 8), "float32"), B: T.Buffer((8,), "float32")):
    for i in range(8):
        for j in range(i + 1):
            with T.sblock("B"):
                vi, vj = T.axis.remap("SR", [i, j])
                with T.init():
                    B[vi] = T.float32(0)
                B[vi] += A[vi, vj] / T.float32(2)


def test_a_loop_that_ends_where_an_outer_one_stands_runs_so_often():
    found = count(triangle)
    assert (found.loads, found.stores, found.flops) == (2 * 36, 36 + 8, 2 * 36)


@T.prim_func(s_tir=True)
def banded(A: T.Buffer((16,), "int8"), B: T.Buffer((16,), "int32")):
    for i, j in T.grid(4, 4):
        with T.sblock("B"):
            vi, vj = T.axis.remap("SS", [i, j])
            T.where(i * 4 + j < 13)
            if vi < vj:
                B[vi * 4 + vj] = T.cast(A[vi * 4 + vj], "int32") * 3 + T.if_then_else(vj > 2, T.cast(A[vj], "int32"), 0)


def test_conditions_on_the_same_loops_are_met_together():
    # i < j leaves 6 of 16, of which (0, 1) to (2, 3) lie below 13; j == 3 for three of them.
    found = count(banded)
    assert (found.loads, found.stores) == (6 + 3, 6)
    assert (found.loaded_bytes, found.stored_bytes) == (9, 24)
    assert (found.flops, found.integer_operations) == (0, 12)
    assert found.least_bytes == 9 + 24


@T.prim_func(s_tir=True)
def accumulate(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("C"):
            vi = T.axis.spatial(8, i)
            C[vi] = C[vi] + T.exp(A[vi]) * T.max(A[vi], T.float32(0))


def test_what_is_read_and_then_written_counts_both_ways_and_a_maximum_is_no_operation():
    found = count(accumulate)
    assert found.least_bytes == 3 * 32
    assert found.flops == 8 * 3


def test_rounding_and_the_reading_of_bits_are_no_operations():
    # Of an element 20 for its exponential, one for the sum and one for the quotient; of a row one reciprocal.
    found = count(kernels.softmax(3, 8))
    assert (found.flops, found.integer_operations) == (3 * 8 * 22 + 3, 3 * 8 * 2)
    assert found.operations == found.flops + found.integer_operations


def test_statements_come_in_order_each_with_its_loops():
    names = [str(each.statement.buffer.name) for each in executed(programs.matmul_relu(2, 3, 4))]
    assert names == ["Y", "Y", "C"]
    assert [each.iterations for each in executed(programs.matmul_relu(2, 3, 4))] == [6, 24, 6]


def test_counts_of_two_programs_add_up():
    one = count(programs.scale_add(8))
    assert one + one == Counts(16, 16, 64, 64, 32, 0, 128)


def test_every_call_of_a_graph_is_counted_in_order_the_transposes_of_its_weights_too():
    named = counts_of_calls(fused(mlp_module(2)))
    assert [name for name, counts in named if not counts.flops] == ["transpose", "transpose1"]
    assert [counts.flops for _, counts in named if counts.flops] == [2 * 2 * 64 * 32 + 2 * 32, 2 * 2 * 32 * 10 + 2 * 10]
    assert named[0][1].least_bytes == 2 * 4 * 64 * 32


@I.ir_module
class Twice:
    @T.prim_func(s_tir=True)
    def double(X: T.Buffer((8,), "float32"), Y: T.Buffer((8,), "float32")):
        for i in range(8):
            with T.sblock("Y"):
                vi = T.axis.spatial(8, i)
                Y[vi] = X[vi] * T.float32(2)

    @R.function
    def main(x: R.Tensor((8,), "float32")):
        cls = Twice
        with R.dataflow():
            y = R.call_tir(cls.double, (x,), R.Tensor((8,), "float32"))
            z = R.call_tir(cls.double, (y,), R.Tensor((8,), "float32"))
            R.output(z)
        return z


def test_a_program_called_twice_counts_twice():
    once = Counts(8, 8, 32, 32, 8, 0, 64)
    assert counts_of_calls(Twice) == [("double", once), ("double", once)]


def test_what_cannot_be_counted_is_refused_with_the_way_out(monkeypatch):
    with pytest.raises(ValueError, match=r"got the extent .*, allowed numbers and variables of outer loops; give the"):
        count(CenterRowsSymbolic)
    with pytest.raises(ValueError, match=r"call of relax.permute_dims: got .*; relax.get_pipeline"):
        counts_of_calls(mlp_module(2))
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(ValueError, match="先给程序定下大小"):
        count(CenterRowsSymbolic)


def test_what_an_index_reads_is_read_too():
    found = count(gpu_programs.gather(5, 100, 8))
    assert (found.loads, found.stores) == (2 * 5 * 8, 5 * 8)
    assert found.least_bytes == 5 * 4 + 2 * 5 * 8 * 4
    steps = count(chase(4, 10))
    assert (steps.loads, steps.stores) == (20, 10)
    assert steps.least_bytes == 10 * 4 + 2 * 4


@T.prim_func(s_tir=True)
def scattered(ids: T.Buffer((5,), "int32"), x: T.Buffer((5,), "float32"), y: T.Buffer((9,), "float32")):
    for i in range(5):
        with T.sblock("y"):
            vi = T.axis.spatial(5, i)
            y[ids[vi]] = x[vi]


def test_what_the_index_of_a_store_reads_is_read_too():
    assert (count(scattered).loads, count(scattered).stores) == (10, 5)
