"""Several caches with sets, against counts worked out by hand and against a slow cache written another way."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlc_ref.cache_model import CacheLevel, access_order, level_traffic, lines_in_sets, misses_by_cause, traffic
from mlc_ref.cache_model.levels import LevelTraffic, send_through
from mlc_ref.cache_model.lru import LruCache
from mlc_ref.cache_model.system import described_caches
from mlc_ref.schedules import programs
from mlc_ref.schedules.kernels import programs as kernels
from mlc_ref.schedules.kernels.rows import by_rows
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.tiles import Tiles
from mlc_ref.targets import CpuFeatures

LINE = 64
TILES = Tiles(lanes=4, rows=4, columns=4, depth=24, row_tiles=3, tasks=4, pack_a=True)


def sent(sets, ways, lines, stores=None, **options):
    stores = np.zeros(len(lines), bool) if stores is None else np.array(stores)
    return LruCache(sets, ways).send(np.array(lines), stores, **options)


def test_lines_of_one_set_push_each_other_out_while_other_sets_are_empty():
    assert sent(4, 1, [0, 4, 0, 4]).missed == 4
    assert sent(2, 2, [0, 4, 0, 4]).missed == 2
    assert sent(1, 4, [0, 4, 8, 12, 0]).missed == 4


def test_what_is_asked_of_the_level_below_comes_in_order():
    found = sent(1, 1, [3, 5, 5, 3], [True, False, False, False])
    assert list(zip(found.lines.tolist(), found.stores.tolist(), strict=True)) == [
        (3, False), (5, False), (3, True), (3, False)
    ]  # fmt: skip
    assert (found.missed, found.fetched, found.written) == (3, 3, 1)


def test_two_sendings_are_counted_together():
    one, two = sent(1, 1, [3, 5], [True, False]), sent(1, 1, [7])
    both = one.followed_by(two)
    assert (both.missed, both.fetched, both.written) == (3, 3, 1)
    assert both.lines.tolist() == [3, 5, 3, 7]


def test_a_line_written_as_a_whole_is_not_fetched():
    found = sent(1, 2, [1, 2, 1], [True, False, True], whole_lines=True)
    assert (found.missed, found.fetched, found.written) == (2, 1, 0)


def slow_lru(lines, stores, sets, ways):
    """Misses and write-backs with a list for each set, least recently used first."""
    held: list[list[int]] = [[] for _ in range(sets)]
    dirty: set[int] = set()
    misses = written = 0
    for line, store in zip(lines, stores, strict=True):
        places = held[line % sets]
        if line in places:
            places.remove(line)
        else:
            misses += 1
            if len(places) == ways:
                written += places[0] in dirty
                dirty.discard(places.pop(0))
        places.append(line)
        if store:
            dirty.add(line)
    return misses, written


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=120), st.integers(1, 5), st.integers(1, 4)
)  # fmt: skip
def test_every_sequence_misses_as_in_a_list_of_lines(accesses, sets, ways):
    lines, stores = [a for a, _ in accesses], [b for _, b in accesses]
    found = sent(sets, ways, np.array(lines, np.int64), np.array(stores, bool))
    assert (found.missed, found.written) == slow_lru(lines, stores, sets, ways)


def test_one_level_that_holds_everything_counts_what_the_single_cache_counts():
    for name in ("naive", "tiled", "packed"):
        program = LADDER[name](programs.matmul(24, 24, 24), TILES)
        one = traffic(program, 2048)
        (level,) = level_traffic(program, [CacheLevel("L1", 2048)])
        assert (level.fetched_bytes, level.written_bytes) == (one.fetched_bytes, one.written_bytes)
        assert level.accesses == one.loads + one.stores


def test_a_second_level_fetches_what_the_first_lacks_and_keeps_it():
    # 16 x 16 x 16 as written: row i of A, row k of B, row i of C are one line each. Four lines do not hold B.
    first, second = level_traffic(
        programs.matmul(16, 16, 16), [CacheLevel("L1", 4 * LINE), CacheLevel("L2", 64 * LINE)]
    )
    assert first == LevelTraffic("L1", 4 * 16**3 + 256, 16 + 16 + 16**3, LINE * (16 + 16 + 16**3), LINE * 16)
    # All that L1 asks for, and the rows of C that it gives back.
    assert (second.accesses, second.misses) == (first.misses + 16, 48)
    assert (second.fetched_bytes, second.written_bytes) == (48 * LINE, 16 * LINE)
    assert second.hits == second.accesses - 48
    assert second.moved_bytes == 64 * LINE


def test_a_changed_line_that_no_lower_level_holds_is_written_there_without_a_fetch():
    # Y is written in L1 alone; L2 holds one line, so that it has given Y's line up before it comes back.
    levels = [CacheLevel("L1", 2 * LINE), CacheLevel("L2", LINE)]
    first, second = level_traffic(programs.scale_add(32), levels)
    assert (first.fetched_bytes, first.written_bytes) == (4 * LINE, 2 * LINE)
    assert (second.fetched_bytes, second.written_bytes) == (4 * LINE, 2 * LINE)


def test_a_warm_cache_misses_nothing_of_what_it_holds_and_all_of_what_is_just_too_large():
    program = programs.scale_add(64)  # eight lines
    (fits,) = level_traffic(program, [CacheLevel("L1", 8 * LINE)], warm=True)
    assert (fits.misses, fits.moved_bytes) == (0, 0)
    (streams,) = level_traffic(program, [CacheLevel("L1", 7 * LINE)], warm=True)
    assert (streams.misses, streams.written_bytes) == (8, 4 * LINE)


def test_lines_are_shared_out_among_sets_by_their_number():
    order = access_order(programs.matmul(4, 16, 1))  # in this order: C is lines 0 to 3, A line 4, B line 5
    level = CacheLevel("L1", 4 * LINE, 2)
    assert lines_in_sets(order, level, "C").tolist() == [2, 2]
    assert lines_in_sets(order, level).tolist() == [3, 3]
    assert lines_in_sets(order, CacheLevel("L1", 4 * LINE, 1), "B").tolist() == [0, 1, 0, 0]
    with pytest.raises(ValueError, match=r"buffer: got 'Z', allowed C, A, B"):
        lines_in_sets(order, level, "Z")


def test_causes_of_misses_add_up_and_only_sets_make_conflicts():
    order = access_order(programs.matmul(16, 64, 16))
    anywhere, two_ways = CacheLevel("L1", 4096), CacheLevel("L1", 4096, 1)
    assert misses_by_cause(order, anywhere).conflict == 0
    found = misses_by_cause(order, two_ways)
    assert found.compulsory == 16 + 64 + 64
    assert found.conflict > 0
    assert found.total == send_through(order, [two_ways])[0].misses


def test_caches_that_cannot_be_built_are_refused():
    with pytest.raises(ValueError, match="allowed multiples of 3 ways times 64 bytes"):
        CacheLevel("L1", 4096, 3)
    with pytest.raises(ValueError, match="allowed sizes of at least 1"):
        CacheLevel("L1", 4096, 0)
    with pytest.raises(ValueError, match="got 0 sets of 1 lines"):
        LruCache(0, 1)
    with pytest.raises(ValueError, match=r"got lines of \[32, 64\] bytes, allowed one size"):
        level_traffic(programs.scale_add(8), [CacheLevel("L1", 4096, 4, 32), CacheLevel("L2", 4096)])
    with pytest.raises(ValueError, match=r"got lines of \[\] bytes"):
        level_traffic(programs.scale_add(8), [])


def test_bound_values_and_prefetches_have_their_place_in_the_order():
    softmax = kernels.softmax(2, 16)
    # Reads of X and top in each of the three steps over it, one by one: 4 of the maximum, 3 of the exponential, ...
    assert traffic(softmax, 1 << 20).loads == 2 * 16 * (2 + 2 + 2 + 2) + 2
    fused = access_order(by_rows(softmax, CpuFeatures(avx2=True)))
    assert {str(buffer.name) for buffer in fused.buffers} >= {"X", "Y", "E"}


def test_caches_are_read_from_what_linux_describes(tmp_path):
    described = {"index0": ("1", "Data", "48K", "12", "64"), "index1": ("1", "Instruction", "32K", "8", "64"),
                 "index2": ("3", "Unified", "100K", "7", "64"), "index3": ("2", "Unified", "2048K", None, None)}  # fmt: skip
    names = ("level", "type", "size", "ways_of_associativity", "coherency_line_size")
    for index, values in described.items():
        (tmp_path / index).mkdir()
        for name, value in zip(names, values, strict=True):
            if value is not None:
                (tmp_path / index / name).write_text(value + "\n")
    found = [CacheLevel("L1", 48 << 10, 12), CacheLevel("L2", 2048 << 10), CacheLevel("L3", 100 << 10)]
    assert described_caches(tmp_path) == tuple(found)
    assert described_caches(tmp_path / "missing") == ()


@pytest.mark.timed
def test_two_levels_of_a_product_of_64_take_at_most_two_seconds_of_the_processor():
    start = time.process_time()
    level_traffic(programs.matmul(64, 64, 64), [CacheLevel("L1", 4096, 4), CacheLevel("L2", 32768, 8)])
    assert time.process_time() - start < 2
