"""The cache model against numbers derived by hand (lines of 64 bytes, 16 float32 each)."""

import numpy as np
import pytest
from tvm.s_tir import Schedule
from tvm.script import tirx as T

from mlc_ref.cache_model import LINE_BYTES, Traffic, access_order, run_cache, traffic
from mlc_ref.cache_model.cache import count
from mlc_ref.cache_model.cache import lines as line_numbers
from mlc_ref.schedules import primitives, programs
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.tiles import Tiles
from mlc_ref.tensor_programs.programs import CenterRowsSymbolic

LARGE = 1 << 20


def lines(*, fetched: int, written: int) -> tuple[int, int]:
    return fetched * LINE_BYTES, written * LINE_BYTES


def moved(subject, cache_lines: int) -> tuple[int, int]:
    found = traffic(subject, cache_lines * LINE_BYTES)
    return found.fetched_bytes, found.written_bytes


def test_streaming_fetches_each_line_once_and_writes_the_result_back():
    assert traffic(programs.scale_add(64), LARGE) == Traffic(64, 64, *lines(fetched=4 + 4, written=4))


def test_a_part_of_a_line_is_fetched_whole():
    assert moved(programs.scale_add(17), 100) == lines(fetched=2 + 2, written=2)


def test_transpose_fetches_a_line_for_each_element_it_writes_when_the_cache_is_small():
    assert moved(programs.transpose(16, 16), 2) == lines(fetched=16 + 256, written=256)
    # The 16 lines of Y, and the rows of X of this and the last round, fit in 18 lines; 17 lose one each time.
    assert moved(programs.transpose(16, 16), 18) == lines(fetched=16 + 16, written=16)


def test_matmul_order_decides_how_often_b_is_fetched():
    # 16 x 16 x 16: each row of A, B and C is one line; the cache holds four lines.
    naive = programs.matmul(16, 16, 16)
    assert moved(naive, 4) == lines(fetched=16 + 16 + 16 * 16 * 16, written=16)
    assert moved(primitives.reorder(naive), 4) == lines(fetched=16 + 16 + 16 * 16, written=16)
    # All of B, and the rows of A and C of this and the last round, fit in 20 lines.
    assert moved(naive, 20) == lines(fetched=3 * 16, written=16)


def test_registers_cost_nothing_and_save_accesses():
    naive = programs.matmul(16, 16, 16)
    steps = 16**3
    found = traffic(naive, LARGE)
    assert (found.loads, found.stores) == (3 * steps, steps + 256)
    found = traffic(primitives.cache_write(naive), LARGE)
    assert (found.loads, found.stores) == (2 * steps, 256)
    found = traffic(primitives.cache_write(naive), LARGE, registers=())
    assert (found.loads, found.stores) == (3 * steps + 256, steps + 2 * 256)


def test_conditions_leave_accesses_out():
    assert traffic(primitives.split(programs.scale_add(17)), LARGE).loads == 17
    padded = LADDER["packed"](programs.matmul(3, 5, 2), Tiles(4, 2, 4, 8, 1, 2, False))
    found = traffic(padded, LARGE)
    # A (3, 2) fills up to (4, 2), B (2, 5) to (2, 8); the kernel then reads 2 * 4 * 8 * 2 packed elements.
    assert found.loads == 3 * 2 + 2 * 5 + 2 * (4 * 8 * 2)
    assert found.stores == 4 * 2 + 2 * 8 + 3 * 5


def test_each_step_of_the_ladder_moves_no_more_than_the_first():
    tiles = Tiles(lanes=4, rows=4, columns=8, depth=32, row_tiles=4, tasks=2, pack_a=False)
    mod = programs.matmul(32, 32, 32)
    counted = {name: traffic(version(mod, tiles), 2048).moved_bytes for name, version in LADDER.items()}
    assert counted["rows_inside"] < counted["naive"] / 5
    assert counted["register_tiled"] < counted["tiled"]
    assert counted["packed"] < counted["register_tiled"]


def test_least_recently_used_goes_first():
    order = np.array([1, 2, 1, 3, 2, 1])
    stores = np.array([False, True, False, False, False, False])
    # 3 evicts 2 (dirty), 2 evicts 1, 1 evicts 3.
    assert run_cache(order, stores, 2) == (5, 1)
    assert run_cache(order, stores, 3) == (3, 1)
    assert run_cache(order[:0], stores[:0], 3) == (0, 0)


def test_a_store_in_the_same_line_right_after_a_load_makes_it_dirty():
    assert run_cache(np.array([4, 4, 5]), np.array([False, True, False]), 1) == (2, 1)


def listed(order) -> list[str]:
    """Accesses as text, those that happen together in one entry: ``["A0 B0", "C0="]``."""
    found: list[str] = []
    for owner, element, store, joined in zip(order.owners, order.elements, order.stores, order.joined, strict=True):
        text = f"{order.buffers[owner].name}{element}{'=' if store else ''}"
        found = [*found[:-1], f"{found[-1]} {text}"] if joined else [*found, text]
    return found


def test_accesses_come_in_program_order():
    assert listed(access_order(programs.scale_add(2))) == ["X0", "Y0=", "X1", "Y1="]


def test_reordering_a_matmul_changes_the_order_of_accesses_and_nothing_else():
    # C[0, 0] is set, then summed over k = 0, 1; in the reordered program j runs inside k.
    naive = listed(access_order(programs.matmul(1, 2, 2)))
    assert naive[:9] == ["C0=", "C0", "A0", "B0", "C0=", "C0", "A1", "B2", "C0="]
    reordered = listed(access_order(primitives.reorder(programs.matmul(1, 2, 2))))
    assert reordered[:10] == ["C0=", "C0", "A0", "B0", "C0=", "C1=", "C1", "A0", "B1", "C1="]
    assert sorted(naive) == sorted(reordered)


def test_lanes_of_a_vector_are_taken_together_in_lockstep_only():
    vector = primitives.vectorize(programs.scale_add(4), 2)
    assert listed(access_order(vector)) == ["X0", "Y0=", "X1", "Y1=", "X2", "Y2=", "X3", "Y3="]
    assert listed(access_order(vector, lockstep=True)) == ["X0 X1", "Y0= Y1=", "X2 X3", "Y2= Y3="]


def test_a_lane_that_a_condition_leaves_out_joins_nothing():
    sch = Schedule(programs.scale_add(3))
    outer, inner = sch.split(sch.get_loops("Y")[0], [2, None])
    sch.reorder(inner, outer)
    sch.vectorize(outer)  # lanes 0 and 2, then 1 and the missing 3
    assert listed(access_order(sch, lockstep=True)) == ["X0 X2", "Y0= Y2=", "X1", "Y1="]


def test_threads_of_a_block_are_taken_together_and_blocks_one_after_the_other():
    sch = Schedule(programs.transpose(2, 2))
    i, j = sch.get_loops("Y")
    sch.bind(i, "blockIdx.x")
    sch.bind(j, "threadIdx.x")
    assert listed(access_order(sch, lockstep=True)) == ["X0 X1", "Y0= Y2=", "X2 X3", "Y1= Y3="]


def test_what_the_model_does_not_cover_is_refused():
    with pytest.raises(ValueError, match="at least one line of 64"):
        traffic(programs.scale_add(4), 63)
    with pytest.raises(ValueError, match="which is not fixed"):
        traffic(CenterRowsSymbolic, LARGE)
    with pytest.raises(ValueError, match="count a smaller instance"):
        traffic(programs.matmul(512, 512, 512), LARGE)


def test_what_moves_is_what_comes_in_and_what_goes_back():
    assert traffic(programs.scale_add(17), LARGE).moved_bytes == (4 + 2) * LINE_BYTES


@pytest.mark.parametrize("stores", [[True, False, False], [False, False, True]])
def test_a_line_that_is_held_stays_or_becomes_dirty(stores):
    assert run_cache(np.array([1, 2, 1]), np.array(stores), 2) == (2, 1)


def test_one_line_is_a_cache_and_one_byte_less_is_none():
    assert moved(programs.scale_add(16), 1) == lines(fetched=2 * 16, written=16)
    with pytest.raises(ValueError, match="got 63"):
        count(access_order(programs.scale_add(4)), 63)


@T.prim_func(s_tir=True)
def widths(A: T.Buffer((65,), "int8"), B: T.Buffer((9,), "float64")):
    for i in range(9):
        with T.sblock("B"):
            vi = T.axis.spatial(9, i)
            B[vi] = T.cast(A[vi * 8], "float64")


def test_elements_of_all_widths_lie_in_their_lines_and_buffers_begin_with_one():
    order = access_order(widths)
    # 65 bytes are two lines, so B begins with line 2, eight numbers a line.
    assert line_numbers(order).tolist() == [n for i in range(9) for n in (i * 8 // 64, 2 + i // 8)]


@T.prim_func(s_tir=True)
def conditions(A: T.Buffer((4,), "float32"), B: T.Buffer((4,), "float32")):
    for i in range(2):
        for j in T.vectorized(2):
            with T.sblock("B"):
                vi = T.axis.spatial(4, i * 2 + j)
                if vi >= 1:
                    B[vi] = T.if_then_else(vi < 3, A[vi] + A[3 - vi], T.float32(0))
                else:
                    B[3] = A[2]


def test_both_branches_count_where_they_are_taken():
    branches = listed(access_order(conditions))
    assert branches == ["A2", "B3=", "A1", "A2", "B1=", "A2", "A1", "B2=", "B3="]


def test_lanes_without_a_first_one_are_together_all_the_same():
    together = listed(access_order(conditions, lockstep=True))
    # Lane 0 takes the other branch, then lane 3 loads nothing.
    assert together == ["A1", "A2", "B1=", "A2", "B3=", "A2", "A1", "B2= B3="]


@T.prim_func(s_tir=True)
def late_lanes(A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "float32")):
    for i in range(2):
        for j in T.vectorized(4):
            with T.sblock("B"):
                vi = T.axis.spatial(8, i * 4 + j)
                if vi % 4 >= 1:
                    B[vi] = A[vi]


def test_lanes_left_out_at_the_beginning_do_not_join_what_was_before():
    assert listed(access_order(late_lanes, lockstep=True)) == ["A1 A2 A3", "B1= B2= B3=", "A5 A6 A7", "B5= B6= B7="]


@T.prim_func(s_tir=True)
def gap_of_lanes(A: T.Buffer((4,), "float32"), B: T.Buffer((4,), "float32")):
    for j in T.vectorized(4):
        with T.sblock("B"):
            vi = T.axis.spatial(4, j)
            if vi % 3 == 0:
                B[vi] = A[vi]


def test_lanes_left_out_in_the_middle_do_not_part_those_around_them():
    assert listed(access_order(gap_of_lanes, lockstep=True)) == ["A0 A3", "B0= B3="]


@T.prim_func(s_tir=True)
def from_two(A: T.Buffer((4,), "float32"), B: T.Buffer((4, 2), "float32")):
    for i in range(2, 4):
        with T.sblock("B"):
            vi = T.axis.spatial(4, i)
            B[vi, 1] = A[vi] - A[vi - 1]


def test_loops_that_begin_later_and_rows_of_a_buffer():
    assert listed(access_order(from_two)) == ["A2", "A1", "B5=", "A3", "A2", "B7="]


@T.prim_func(s_tir=True)
def with_a_number_alone(x: T.Buffer((4,), "float32")):
    for i in range(4):
        T.evaluate(0)
        x[i] = T.float32(1)


@T.prim_func(s_tir=True)
def with_a_call_alone(x: T.Buffer((4,), "float32")):
    for i in range(4):
        T.evaluate(T.call_extern("int32", "fill", x.data))
        x[i] = T.float32(1)


def test_a_number_that_stands_alone_moves_nothing_and_a_call_is_refused_as_nobody_knows_what_it_moves():
    assert traffic(with_a_number_alone, cache_bytes=LINE_BYTES).stores == 4
    with pytest.raises(ValueError, match="does not know Evaluate"):
        traffic(with_a_call_alone, cache_bytes=LINE_BYTES)
