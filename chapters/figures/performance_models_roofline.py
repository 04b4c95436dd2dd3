"""The steps of the matmul ladder as measured, under the roofs of the machine that measured them.

The roof is that of bytes as the cache model counts them. ``rows_inside``, ``tiled`` and ``vectorized`` lie some percent above
it. Probably the L1 of that machine keeps a little of B where a cache that gives up the least recently used line keeps nothing.
"""

from mlc_ref.language import Text
from mlc_ref.performance_models.compared import SIDE, STEPS, recorded
from mlc_ref.performance_models.pictures import Point, roofline_board
from mlc_ref.viz.board import Board

FLOPS = 2 * SIDE**3
NAMES = {
    "naive": "naive",
    "rows_inside": "rows_inside, tiled, vectorized",
    "register_tiled": "",
    "packed": "register_tiled, packed",
}


def draw() -> Board:
    title = Text(
        f"The matmul ladder at {SIDE} × {SIDE} × {SIDE} on a roofline: bytes between L1 and L2 as the cache model counts them.",
        f"{SIDE} × {SIDE} × {SIDE} 矩阵乘法阶梯的屋顶线图：L1 与 L2 之间的字节由缓存模型统计。",
    )
    record = recorded()
    measured = record.measured("matmul")
    points = []
    for name in STEPS:
        moved = record.moved["matmul"][name]["L2"]
        gflops = FLOPS / measured[name] / 1e9
        points.append(Point(Text.code(NAMES.get(name, "")), FLOPS / moved, gflops, "orange", below=name == "packed"))
    return roofline_board(title, points, record.machine, ["L2"])
