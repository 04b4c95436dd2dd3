"""Reuse distances of a matmul as written and tiled, and what a small cache holds of them."""

from mlc_ref.cache_model import CacheLevel, access_order, reuse_histogram
from mlc_ref.language import Text
from mlc_ref.performance_models.pictures import reuse_board
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.pictures import LADDER_CACHE_BYTES, LADDER_SIDE, LADDER_TILES
from mlc_ref.schedules.programs import matmul
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "How many other lines a matmul touches before it comes back to a line, as written, with rows inside, and tiled.",
        "矩阵乘法再次用到同一缓存行之前，中间触及了多少其他缓存行：原程序、内层沿行、分块三种写法。",
    )
    program = matmul(LADDER_SIDE, LADDER_SIDE, LADDER_SIDE)
    found = {
        name: reuse_histogram(access_order(LADDER[name](program, LADDER_TILES)))
        for name in ("naive", "rows_inside", "tiled")
    }
    return reuse_board(title, found, CacheLevel("L1", LADDER_CACHE_BYTES))
