"""What the figures of the schedules chapter are computed from."""

import pytest

from mlc_ref.schedules import primitives, programs
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.pictures import LADDER_SIDE, PRIMITIVES, counted_ladder, primitive_board, touched
from mlc_ref.schedules.tiles import Tiles


def test_the_innermost_loop_of_the_naive_product_goes_down_a_column_of_b():
    found = touched(programs.matmul(4, 6, 5), 1)
    assert {name: int(elements.sum()) for name, elements in found.items()} == {"A": 5, "B": 5, "C": 1}
    assert found["B"][:, 0].all()


def test_after_reorder_it_goes_along_a_row():
    found = touched(primitives.reorder(programs.matmul(4, 6, 5)), 1)
    assert {name: int(elements.sum()) for name, elements in found.items()} == {"A": 1, "B": 6, "C": 6}
    assert found["B"][0].all()


def test_a_tile_touches_a_square_of_each_matrix():
    tiles = Tiles(lanes=2, rows=2, columns=2, depth=16, row_tiles=1, tasks=8, pack_a=False)
    found = touched(LADDER["tiled"](programs.matmul(16, 16, 16), tiles), 3)
    for elements in found.values():
        assert elements[:8, :8].all()
        assert elements.sum() == 64


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_changes_what_its_picture_shows(name):
    svg = primitive_board(name).render("en")
    assert svg.count("green-text bold") >= 1


def test_a_picture_of_no_primitive_is_refused():
    with pytest.raises(KeyError, match="transpose"):
        primitive_board("transpose")


def test_the_counted_ladder_tells_the_story_of_the_chapter():
    counted = counted_ladder()
    steps = LADDER_SIDE**3
    moved = {name: found.moved_bytes / steps for name, found in counted.items()}
    accesses = {name: (found.loads + found.stores) / steps for name, found in counted.items()}
    assert moved["naive"] / moved["rows_inside"] > 15
    assert moved["tiled"] == moved["vectorized"] < moved["rows_inside"] / 3
    assert moved["register_tiled"] > moved["packed"] > moved["tiled"]
    assert accesses["register_tiled"] < accesses["tiled"] / 1.9
