"""Reuse distances against sets of the lines in between, and against caches of every size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlc_ref.cache_model import access_order, reuse_distances, reuse_histogram, traffic
from mlc_ref.cache_model.cache import LINE_BYTES, lines
from mlc_ref.cache_model.lru import LruCache
from mlc_ref.cache_model.reuse import FIRST, ReuseHistogram
from mlc_ref.schedules import primitives, programs


def by_sets(touched):
    last: dict[int, int] = {}
    distances: list[int] = []
    for i, line in enumerate(touched):
        distances.append(len(set(touched[last[line] + 1 : i])) if line in last else FIRST)
        last[line] = i
    return distances


def test_the_distance_is_the_number_of_other_lines_in_between():
    touched = [7, 8, 9, 8, 8, 7, 7, 9]
    assert reuse_distances(np.array(touched)).tolist() == [-1, -1, -1, 1, 0, 2, 0, 2]
    assert reuse_distances(np.array([], np.int64)).tolist() == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=80))
def test_distances_of_every_sequence_are_those_counted_with_sets(touched):
    assert reuse_distances(np.array(touched, np.int64)).tolist() == by_sets(touched)


def test_one_histogram_says_what_caches_of_all_sizes_miss():
    for program in (
        programs.matmul(12, 20, 9),
        primitives.reorder(programs.matmul(12, 20, 9)),
        programs.transpose(33, 20),
    ):
        order = access_order(program)
        histogram = reuse_histogram(order)
        assert histogram.accesses == len(order)
        for capacity in (1, 2, 3, 5, 8, 13, 21, 34, 55):
            found = LruCache(1, capacity).send(lines(order), order.stores)
            assert histogram.misses(capacity) == found.missed
            assert histogram.misses(capacity) * LINE_BYTES == traffic(program, capacity * LINE_BYTES).fetched_bytes
        assert histogram.misses(0) == len(order)


def test_the_histogram_is_grouped_by_powers_of_two():
    histogram = ReuseHistogram(3, np.array([5, 4, 3, 2, 1]))
    assert histogram.by_powers_of_two() == {0: 5, 1: 4, 2: 5, 4: 1}
    assert ReuseHistogram(1, np.array([2])).by_powers_of_two() == {0: 2}
    assert ReuseHistogram(1, np.array([2, 1])).by_powers_of_two() == {0: 2, 1: 1}


def test_lines_of_another_size_have_other_distances():
    order = access_order(programs.scale_add(32))
    assert [reuse_histogram(order, size).first for size in (32, 64, 128)] == [8, 4, 2]


def test_a_negative_capacity_is_refused():
    with pytest.raises(ValueError, match="capacity: got -1"):
        ReuseHistogram(0, np.array([1])).misses(-1)


@pytest.mark.parametrize("size", [1, 2, 3, 64, 65, 1000])
def test_lines_touched_once_each_twice_over_have_the_distance_of_all_others(size):
    found = reuse_distances(np.concatenate([np.arange(size), np.arange(size)]))
    assert found[size:].tolist() == [size - 1] * size
