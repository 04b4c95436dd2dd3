"""The lab of tile sizes: one schedule, several numbers, and what each asks of memory."""

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu_sim import simulate
from mlc_ref.schedules import programs
from mlc_ref.schedules.labs import TILES, tile_lab, tiled


@pytest.mark.parametrize("tile", TILES)
def test_every_tile_size_computes_the_product(tile: int):
    a, b = np.random.default_rng(0).random((2, 64, 64), dtype="float32")
    result = simulate(tiled(Schedule(programs.matmul(64, 64, 64)), tile).mod, [a, b], [((64, 64), "float32")])
    assert np.allclose(result.outputs[0], a @ b, atol=1e-3)


def test_larger_tiles_ask_for_fewer_loads():
    requests = [step["counters"][0] for step in tile_lab(64).data["steps"]]
    assert requests == sorted(requests, reverse=True)
    assert requests[0] == 8 * requests[-1]


def test_a_tile_has_at_least_one_element():
    with pytest.raises(ValueError, match="tile: got 0, allowed 1 and above"):
        tiled(Schedule(programs.matmul(8, 8, 8)), 0)
