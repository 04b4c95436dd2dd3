"""The spaces of the search lab, and what the lab holds of each point."""

import base64
import gzip
import json
import math

import numpy as np
import pytest
from present import present
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.decisions import Value, decisions, with_values
from mlc_ref.auto_tuning.space import draw
from mlc_ref.gpu import programs, reference, tuning
from mlc_ref.gpu.labs import search_lab
from mlc_ref.gpu.schedules import matmul
from mlc_ref.gpu_sim import simulate
from mlc_ref.webgpu import limits
from mlc_ref.webgpu.labs import Measure
from mlc_ref.webgpu.searching import FEATURES, drawn, features, search

SIDE = 64
CHOSEN: dict[str, list[Value]] = {
    "registers": [(4, 8, 2), (2, 8, 4), (16, 4), 1],
    "shared": [(4, 8, 2), (2, 8, 4), (16, 4), 1],
}


def product() -> object:
    return programs.matmul(SIDE, SIDE, SIDE)


@pytest.fixture(scope="module")
def lab():
    return search_lab(SIDE, 48)


@pytest.fixture(scope="module")
def packed(lab):
    return json.loads(gzip.decompress(base64.b64decode(lab.data["packed"])))


@pytest.mark.parametrize("recipe", tuning.SPACES)
def test_a_trace_replays_with_other_decisions_and_computes_the_product(recipe: str):
    first = draw(product(), tuning.SPACES[recipe], 11)
    sch = with_values(product(), first, CHOSEN[recipe])
    assert [each.value for each in decisions(sch)] == CHOSEN[recipe]
    a, b = np.random.default_rng(0).random((2, SIDE, SIDE), dtype="float32")
    found = simulate(sch.mod, [a, b], [((SIDE, SIDE), "float32")])
    assert np.allclose(found.outputs[0], a @ b, atol=1e-3)
    assert (found.counters.shared_bytes_per_block > 0) == (recipe == "shared")


def test_the_simulator_gives_every_point_the_same_bits_since_all_add_in_the_same_order():
    a, b = np.random.default_rng(0).random((2, 16, 16), dtype="float32")
    results = {
        simulate(sch.mod, [a, b], [((16, 16), "float32")]).outputs[0].tobytes()
        for sch in tuning.points(programs.matmul(16, 16, 16), 24).values()
    }
    assert len(results) == 1


def test_points_are_different_come_from_both_recipes_and_again_the_same():
    points = tuning.points(product(), 20)
    assert list(points) == list(tuning.points(product(), 20))
    assert sum(name.startswith("shared") for name in points) == 10
    assert list(points) != list(tuning.points(product(), 20, seed=8))


def test_a_space_with_fewer_points_is_named():
    with pytest.raises(ValueError, match=r"count: got 10, found 6 points in 200 draws"):
        tuning.points(programs.matmul(1, 1, 1), 10)


def test_what_webgpu_cannot_run_is_kept_and_marked(packed):
    refused = [point for point in packed["points"] if point.get("problem")]
    assert refused
    assert not {point["name"] for point in refused} & set(packed["artefacts"])


def test_every_point_that_can_run_has_features_a_program_and_a_trace(lab, packed):
    valid = [point for point in packed["points"] if "features" in point]
    assert (len(valid), len(packed["points"])) == (lab.data["valid"], 48)
    assert lab.data["valid"] >= 40
    assert all(len(point["features"]) == len(FEATURES) for point in valid)
    for name in (point["name"] for point in valid):
        assert packed["scripts"][name].startswith("@T.prim_func")
        assert "decision=" in packed["traces"][name]
        assert packed["artefacts"][name]["name"] == name


def test_the_lab_of_the_page_is_large_enough_recorded_and_light():
    lab = search_lab()
    assert (lab.data["drawn"], lab.data["valid"]) == (96, 68), "the chapter on auto-tuning names these numbers"
    assert lab.data["recorded"] is not None, "record it again: make records"
    assert len(gzip.compress(lab.page_html().encode())) < 80_000


def test_features_say_what_a_launch_asks_for():
    sch = matmul.shared_blocking(
        Schedule(product()), matmul.Tiling(rows=16, cols=16, thread_rows=2, thread_cols=2, depth=8)
    )
    point = drawn("one", sch)
    a, b = np.zeros((2, SIDE, SIDE), "float32")
    counters = simulate(sch.mod, [a, b], [((SIDE, SIDE), "float32")]).counters
    found = dict(zip(FEATURES, features(present(point.artefact), counters), strict=True))
    assert found["threads"] == round(math.log2(1 + 64), 3)
    assert found["blocks"] == round(math.log2(1 + 16), 3)
    assert found["outputs"] == round(math.log2(1 + 4), 3)
    assert found["shared"] == round(math.log2(1 + (16 + 16) * 8 * 4), 3)


def test_a_program_that_computes_something_else_does_not_ship():
    points = tuning.points(product(), 4)
    with pytest.raises(ValueError, match=r"registers .*: the simulator computes something else .* differ"):
        search("wrong", points, lambda a, b: reference.matmul(a, b) + 1, Measure(1, "GFLOP/s"))


def test_a_space_in_which_nothing_runs_is_refused():
    wide = matmul.local_sum(Schedule(product()), side=32)
    assert f"不超过 {limits.MAX_THREADS}" in present(drawn("wide", wide).problem).zh
    with pytest.raises(
        ValueError, match=rf"WebGPU can run none, allowed one at least; .* at most {limits.MAX_THREADS}"
    ):
        search("none", {"wide": wide}, reference.matmul, Measure(1, "GFLOP/s"))
