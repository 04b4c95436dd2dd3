"""Numbers in the answers to questions that nobody grades, where the reader changes a cell and no cell prints them."""

import numpy as np
import pytest
import tvm
from tvm import relax
from tvm.relax.expr_functor import PyExprMutator, mutator
from tvm.s_tir import Schedule, TensorIntrin
from tvm.script import tirx as T

from mlc_ref.auto_tuning.search import best, random_search
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import matmul_space
from mlc_ref.end_to_end.graph import callee_name, callees
from mlc_ref.gpu import programs, reference
from mlc_ref.gpu.execution import execute
from mlc_ref.gpu.schedules import matmul as products
from mlc_ref.gpu.schedules import vector_add
from mlc_ref.gpu_sim import SimulationError
from mlc_ref.graph_optimization.common_subexpressions import eliminate_common_subexpressions
from mlc_ref.graph_optimization.programs import Repeated
from mlc_ref.harness import run
from mlc_ref.schedules.programs import matmul
from mlc_ref.tensorization import microkernel
from mlc_ref.tensorization.programs import toy as instructions
from mlc_ref.tensorization.programs.matmul import matmul as typed_matmul
from mlc_ref.tensorization.schedules import toy

RNG = np.random.default_rng(0)
A, B = RNG.random((128, 64), dtype="float32"), RNG.random((64, 128), dtype="float32")


def counters(sch):
    return execute(sch.mod, [A, B], reference.matmul(A, B)).counters


@pytest.mark.parametrize(("side", "sectors"), [(8, 294_912), (16, 262_144), (32, 294_912)])
def test_the_sectors_of_the_naive_product_are_least_at_side_16(side, sectors):
    found = counters(products.naive(Schedule(programs.matmul(128, 128, 64)), side=side))
    assert (found.global_load_sectors, found.global_load_requests) == (sectors, 98_304)


@pytest.mark.parametrize(
    ("offset", "loads", "stores"), [(4, 0, 512), (8, 8_192, 512), (1, None, None), (2, None, None)]
)
def test_an_offset_of_four_keeps_vectors_whole_and_takes_the_conflicts_of_loads_away(offset, loads, stores):
    sch = products.vectorized_fetch(Schedule(programs.matmul(128, 128, 64)))
    sch.storage_align("A_shared", 0, -2, 32, offset)
    if loads is None:
        with pytest.raises(SimulationError) as refused:
            counters(sch)
        assert type(refused.value).__name__ == "Misaligned"
    else:
        found = counters(sch)
        assert (found.shared_load_conflicts, found.shared_store_conflicts) == (loads, stores)


@pytest.mark.parametrize(("offset", "sectors"), [(0, 128), (1, 160), (8, 128)])
def test_a_copy_that_is_shifted_by_one_element_needs_a_fifth_sector(offset, sectors):
    source = RNG.random(1024 + offset, dtype="float32")
    sch = vector_add.one_element_a_thread(Schedule(programs.strided_copy(1024, 1, offset)), block="copy")
    result = execute(sch.mod, [source], reference.strided_copy(source, 1024, 1, offset))
    assert result.counters.global_load_sectors == sectors


def test_with_a_smaller_cache_the_best_of_200_draws_has_smaller_row_tiles():
    large = matmul(256, 512, 256)
    drawn = random_search(large, matmul_space, SimulatedCpu(), 200, seed=1)
    judge = SimulatedCpu(cache_lines=64)
    smaller = min(drawn, key=lambda candidate: judge(candidate.schedule))
    tiles = [[tiling[-1] for tiling in each.values if isinstance(tiling, tuple)] for each in (best(drawn), smaller)]
    assert tiles == [[16, 16], [8, 16]]
    assert judge(smaller.schedule) / best(drawn).cost == pytest.approx(4 / 3, abs=0.05)


@T.prim_func(s_tir=True)
def wrong_for_sums(a: T.handle, b: T.handle, c: T.handle):
    sa, sb, sc = T.int32(), T.int32(), T.int32()
    A = T.match_buffer(a, (4, 4), "float32", offset_factor=1, strides=[sa, 1])
    B = T.match_buffer(b, (4, 4), "float32", offset_factor=1, strides=[sb, 1])
    C = T.match_buffer(c, (4, 4), "float32", offset_factor=1, strides=[sc, 1])
    with T.sblock("root"):
        T.reads(C[0:4, 0:4], A[0:4, 0:4], B[0:4, 0:4])
        T.writes(C[0:4, 0:4])
        T.evaluate(
            T.call_extern(
                "int32",
                "toy_mac",
                C.access_ptr("rw"),
                A.access_ptr("r"),
                B.access_ptr("r"),
                4,
                A.strides[0],
                B.strides[0],
            )
        )


def test_with_the_wrong_stride_of_the_sums_only_the_first_rows_of_the_tiles_are_right():
    description = instructions.mac_desc("global", "global", "global")
    TensorIntrin.register("wrong_for_sums", description, wrong_for_sums, override=True)
    sch = Schedule(typed_matmul(8, 8, 8))
    _, _, po, i, *_ = toy.tile(sch)
    sch.decompose_reduction("matmul", po)
    sch.tensorize(i, "wrong_for_sums")
    microkernel.attach_llvm(sch, "matmul_update_o")
    x, y = RNG.random((2, 8, 8), dtype="float32")
    (found,) = run(sch.mod, [x, y], [((8, 8), "float32")])
    assert [row for row in range(8) if np.allclose(found[row], (x @ y)[row])] == [0, 4]
    assert not found[3].any()


@mutator
class SortedAdditions(PyExprMutator):
    def visit_call_(self, call):
        call = self.visit_expr_post_order(call)
        if callee_name(call) != "relax.add":
            return call
        return relax.op.add(*sorted(call.args, key=lambda value: getattr(value, "name", "")))


def test_with_the_law_of_addition_four_calls_are_left_of_seven_and_without_it_five():
    law = SortedAdditions(Repeated)
    law.builder_.update_func(Repeated.get_global_var("main"), law.visit_expr(Repeated["main"]))
    sorted_sums = law.builder_.get()
    assert isinstance(sorted_sums, tvm.IRModule)
    left = [len(callees(eliminate_common_subexpressions(mod))) for mod in (Repeated, sorted_sums)]
    assert [len(callees(Repeated)), *left] == [7, 5, 4]
