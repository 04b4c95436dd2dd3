"""Bytes and operations of a decoder, against sums by hand, NumPy arrays of its weights, and the counts of its products."""

import math

import numpy as np
import pytest

from mlc_ref.language_models.config import SMALL, story_config
from mlc_ref.performance_models.counting import count
from mlc_ref.performance_models.decode import (
    DecoderShape,
    Storage,
    decode_counts,
    least_seconds,
    prefill_counts,
)
from mlc_ref.performance_models.machine import EXAMPLE
from mlc_ref.schedules.programs import matmul

TINY = DecoderShape(vocabulary=11, dim=8, layers=2, heads=4, kv_heads=2, head_dim=3, ffn=5)
BIG = DecoderShape(vocabulary=256, dim=512, layers=4, heads=8, kv_heads=2, head_dim=64, ffn=1408)


def matrices(shape):
    """Rows and columns of every matrix that a token is multiplied with."""
    layer = [
        (shape.dim, (shape.heads + 2 * shape.kv_heads) * shape.head_dim), (shape.heads * shape.head_dim, shape.dim),
        (shape.dim, 2 * shape.ffn), (shape.ffn, shape.dim),
    ]  # fmt: skip
    return [*layer * shape.layers, (shape.dim, shape.vocabulary)]


def test_the_weights_are_those_of_the_matrices_and_norms():
    elements = sum(a * b for a, b in matrices(TINY))
    assert TINY.multiplied == elements
    assert TINY.parameters == elements + TINY.vocabulary * TINY.dim + 5 * TINY.dim
    tied = DecoderShape(11, 8, 2, 4, 2, 3, 5, tied=True)
    assert (tied.multiplied, TINY.parameters - tied.parameters) == (elements, 88)
    assert 11.4e6 < BIG.parameters < 11.6e6  # what the measured one has


def test_the_parameters_are_those_of_the_decoder_that_the_course_builds():
    for config in (SMALL, story_config()):
        sizes = (config.vocab, config.dim, config.layers, config.heads, config.kv_heads, config.head_dim, config.ffn)
        assert DecoderShape(*sizes).parameters == sum(math.prod(shape) for shape in config.shapes().values())


def test_a_token_reads_every_weight_once_and_the_whole_cache():
    found = decode_counts(TINY, 7)
    cache = np.zeros((TINY.layers, 2, TINY.kv_heads, 7, TINY.head_dim), "float32")
    weights = sum(np.zeros(each, "float32").nbytes for each in matrices(TINY))
    assert found.loaded_bytes == weights + cache.nbytes + 4 * (5 * 8 + 8)
    assert found.stored_bytes == cache.nbytes // 7
    assert found.least_bytes == found.loaded_bytes + found.stored_bytes


def test_the_operations_are_those_of_the_products():
    products = sum(count(matmul(1, columns, rows)).flops for rows, columns in matrices(TINY))
    attention = count(matmul(1, 8, TINY.head_dim)).flops + count(matmul(1, TINY.head_dim, 8)).flops
    assert decode_counts(TINY, 7).flops == products + TINY.layers * TINY.heads * attention


def test_a_prompt_makes_of_each_weight_as_many_products_as_it_has_tokens():
    prompt = prefill_counts(TINY, 5)
    one_by_one = [decode_counts(TINY, context) for context in range(5)]
    head = 2 * TINY.vocabulary * TINY.dim
    assert prompt.flops == sum(each.flops for each in one_by_one) - 4 * head
    assert prompt.stored_bytes == sum(each.stored_bytes for each in one_by_one)
    assert prompt.loaded_bytes == one_by_one[0].loaded_bytes + 4 * 4 * TINY.dim
    assert prefill_counts(TINY, 1, 7) == decode_counts(TINY, 7)
    behind = prefill_counts(TINY, 2, 3)
    assert behind.flops == decode_counts(TINY, 3).flops + decode_counts(TINY, 4).flops - head


def test_decoding_stays_far_left_of_the_ridge_and_a_prompt_crosses_it():
    ridge = EXAMPLE.gflops / EXAMPLE.gbytes
    assert 0.49 < decode_counts(BIG, 0).intensity < 0.51 < ridge
    assert decode_counts(BIG, 128).intensity < 0.7
    assert prefill_counts(BIG, 8).intensity < ridge < prefill_counts(BIG, 64).intensity


def test_fewer_bits_are_fewer_bytes_and_scales_count():
    assert Storage(8).weight_bytes(640) == 640
    assert Storage(1).weight_bytes(640) == 80
    assert Storage(4, group=64).weight_bytes(640) == 320 + 40
    assert Storage(8, group=32, scale_bits=16).weight_bytes(64) == 64 + 4
    full, small = decode_counts(BIG, 128), decode_counts(BIG, 128, Storage(8, 32, 64))
    assert small.flops == full.flops
    assert 0.26 < small.least_bytes / full.least_bytes < 0.29
    halved = decode_counts(TINY, 7, Storage(cache_bits=16))
    assert decode_counts(TINY, 7).least_bytes - halved.least_bytes == 8 * TINY.cache_elements * 2


def test_the_least_time_is_that_of_the_slower_limit():
    token, prompt = decode_counts(BIG, 128), prefill_counts(BIG, 512)
    assert least_seconds(token, EXAMPLE) == pytest.approx(token.least_bytes / 10e9)
    assert least_seconds(token, EXAMPLE, source="L3") == pytest.approx(token.least_bytes / 30e9)
    assert least_seconds(prompt, EXAMPLE) == pytest.approx(prompt.flops / 100e9)
    with pytest.raises(ValueError, match="got 'disk'"):
        least_seconds(token, EXAMPLE, source="disk")


def test_sizes_that_make_no_decoder_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="kv_heads: got 3, allowed a divisor of the 4 query heads"):
        DecoderShape(11, 8, 2, 4, 3, 3, 5)
    for field in ("vocabulary", "dim", "layers", "heads", "kv_heads", "head_dim", "ffn"):
        with pytest.raises(ValueError, match=f"{field}: got 0, allowed whole numbers from 1 on"):
            DecoderShape(**{**vars(TINY), field: 0})
    with pytest.raises(ValueError, match="tokens: got 0"):
        prefill_counts(TINY, 0)
    with pytest.raises(ValueError, match="context: got -1"):
        decode_counts(TINY, -1)
    with pytest.raises(ValueError, match="weight_bits: got 0, allowed numbers above 0"):
        Storage(0)
    with pytest.raises(ValueError, match="group: got 0"):
        Storage(4, group=0)
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(ValueError, match="tokens：得到 True，允许的是不小于 1 的整数"):
        prefill_counts(TINY, True)
