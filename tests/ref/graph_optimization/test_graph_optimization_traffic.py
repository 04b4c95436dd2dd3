"""Calls and bytes of intermediate values, counted at every stage of the way down, by formula."""

import numpy as np
import pytest
from graph_stages import digits_mlp, programs_of, scores_match

from mlc_ref.checks.planning import planned_bytes
from mlc_ref.end_to_end import reference
from mlc_ref.end_to_end.data import as_images, load_digits
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.memory import memory_plan
from mlc_ref.end_to_end.models import bind_weights, cnn_module
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.graph_optimization import passes, programs
from mlc_ref.graph_optimization.loop_fusion import merge_all_loops
from mlc_ref.graph_optimization.lowering import legalize_and_fuse
from mlc_ref.graph_optimization.traffic import Intermediates, bound, intermediates

FLOAT = 4
HIDDEN, SCORES = 4 * 32 * FLOAT, 4 * 10 * FLOAT
WEIGHTS = 64 * 32 * FLOAT + 32 * 10 * FLOAT


def test_intermediates_of_the_digits_mlp_at_every_stage():
    mod = digits_mlp()
    stages = passes.stages(mod, passes.FoldConstants, passes.FuseLinear, passes.LowerGroups, passes.MergeLoops)
    assert [name for name, _ in stages] == ["", "FoldConstants", "FuseLinear", "LowerGroups", "MergeLoops"]
    counted = [intermediates(stage) for _, stage in stages]
    assert counted == [
        Intermediates(calls=7, between=WEIGHTS + 3 * HIDDEN + SCORES, inside=0),
        Intermediates(calls=5, between=3 * HIDDEN + SCORES, inside=0),
        Intermediates(calls=2, between=HIDDEN, inside=0),
        Intermediates(calls=2, between=HIDDEN, inside=2 * HIDDEN + SCORES),
        Intermediates(calls=2, between=HIDDEN, inside=2 * FLOAT),
    ]
    assert counted[-1].total == HIDDEN + 2 * FLOAT
    for _, stage in stages:
        scores_match(stage)


def test_counts_are_printed_with_their_units_in_both_languages(monkeypatch):
    counted = Intermediates(calls=2, between=512, inside=8)
    assert str(counted) == "2 calls, 512 bytes between them, 8 bytes inside"
    monkeypatch.setenv("MLC_LANG", "zh")
    assert f"{counted}" == "2 次调用，调用之间 512 字节，程序内部 8 字节"


def test_tvms_road_reaches_the_same_counts():
    fused = legalize_and_fuse()(digits_mlp())
    assert callees(fused) == ["fused_matmul_add_relu", "fused_matmul1_add1"]
    assert programs_of(fused) == sorted(callees(fused))
    assert intermediates(fused) == Intermediates(calls=2, between=HIDDEN, inside=2 * HIDDEN + SCORES)
    assert intermediates(merge_all_loops(fused)) == intermediates(passes.optimize()(digits_mlp()))
    scores_match(merge_all_loops(fused))


def test_the_digits_cnn_before_and_after():
    mod = bind_weights(cnn_module(4), load_weights("cnn"))
    fmap, pooled, padded, column = 4 * 8 * 36 * FLOAT, 4 * 72 * FLOAT, 4 * 64 * FLOAT, 8 * FLOAT
    before = Intermediates(calls=8, between=column + 3 * fmap + 2 * pooled + SCORES, inside=padded)
    assert intermediates(mod) == before
    fused = legalize_and_fuse()(mod)
    assert callees(fused) == ["fused_conv2d_add_relu", "pool2d", "flatten", "fused_matmul_add1"]
    merged = merge_all_loops(fused)
    assert intermediates(merged) == Intermediates(calls=4, between=fmap + 2 * pooled, inside=2 * FLOAT)
    images = as_images(load_digits().test_images[:4])
    assert np.allclose(run_graph(merged, images), reference.cnn(images, load_weights("cnn")), atol=1e-4)


def test_the_planner_needs_less_after_fusion_too():
    before, after = digits_mlp(), passes.optimize()(digits_mlp())
    for mod in (before, after):
        assert sum(memory_plan(mod).storages) == planned_bytes(mod)
    assert planned_bytes(after) == HIDDEN < planned_bytes(before)


def test_symbolic_extents_must_be_bound_before_counting():
    with pytest.raises(ValueError, match="not known"):
        intermediates(programs.Linear)
    assert intermediates(bound(programs.Linear, n=1)).between == (3 * 5 + 2) * FLOAT
    with pytest.raises(ValueError, match="extents: got 'm', allowed n"):
        bound(programs.Linear, m=3)
