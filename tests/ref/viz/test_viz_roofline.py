"""The roofline's data and its table, against bounds worked out by hand."""

import json

import pytest

from mlc_ref.gpu_sim import DEVICES
from mlc_ref.language import Text
from mlc_ref.viz.roofline import CORE, Machine, roofline


def test_a_machine_is_the_lower_of_two_limits():
    assert (CORE.gflops, CORE.gbytes) == (50, 10)
    assert [CORE.bound(each) for each in (0.25, 5, 80)] == [2.5, 50, 50]


def test_a_device_of_the_simulator_is_a_machine():
    machine = Machine.of(DEVICES["sm_80"])
    assert (machine.name.en, machine.kind, machine.gflops, machine.gbytes) == ("A100", "gpu", 19_500, 1_555)


def test_points_keep_their_order_and_their_counts():
    data = json.loads(roofline({"naive": (200, 800), "tiled": (200, 100)}).to_json())
    assert data["points"] == [
        {"name": "naive", "flops": 200, "bytes": 800}, {"name": "tiled", "flops": 200, "bytes": 100}
    ]  # fmt: skip
    assert data == json.loads(roofline([("naive", 200, 800), ("tiled", 200, 100)]).to_json())


def test_without_scripts_a_table_gives_the_bounds_of_the_machine_shown():
    fallback = roofline({"naive": (200, 800)}, Machine(Text("mine", "我的"), "cpu", 50, 10)).fallback
    assert "mine: 50 GFLOP/s, 10 GB/s" in fallback
    assert "我的：50 GFLOP/s，10 GB/s" in fallback
    assert fallback.endswith(
        '<tr><td>naive</td><td class="mlc-number">200</td><td class="mlc-number">800</td>'
        '<td class="mlc-number">0.25</td><td class="mlc-number">2.5</td></tr></tbody></table>'
    )


@pytest.mark.parametrize("counts", [(0, 8), (8, 0), (-1, 8)])
def test_counts_that_have_no_place_on_the_axes_are_refused(counts):
    with pytest.raises(ValueError, match=r"points: 'p' has .* both must be above 0"):
        roofline({"p": counts})


def test_no_points_are_refused():
    with pytest.raises(ValueError, match="points: got none"):
        roofline({})


def test_a_machine_that_does_nothing_is_refused():
    with pytest.raises(ValueError, match="gbytes: got 0, numbers above 0 are allowed"):
        Machine(Text.code("x"), "cpu", 1, 0)
