"""Best cost so far, random against model-guided search, computed by running both on the simulated CPU."""

import statistics
from functools import cache

from mlc_ref.auto_tuning.cost_model import CostModel
from mlc_ref.auto_tuning.search import best_so_far, evolutionary_search, random_search
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import matmul_space
from mlc_ref.language import Text
from mlc_ref.schedules.programs import matmul
from mlc_ref.viz.board import Board

TRIALS, SEEDS = 32, (1, 2, 3, 4, 5)
LEFT, RIGHT, TOP, BOTTOM = 70, 536, 40, 286


@cache
def _curves() -> dict[str, list[float]]:
    """Medians over the seeds, after each measurement."""
    mod, judge = matmul(256, 512, 256), SimulatedCpu()
    drawn = [best_so_far(random_search(mod, matmul_space, judge, TRIALS, seed=seed)) for seed in SEEDS]
    guided = [
        best_so_far(
            evolutionary_search(mod, matmul_space, judge, TRIALS, model=CostModel("ridge"), children=24, seed=seed)
        )
        for seed in SEEDS
    ]
    return {
        name: [statistics.median(costs) for costs in zip(*runs, strict=True)]
        for name, runs in (("random", drawn), ("guided", guided))
    }


def draw() -> Board:
    title = Text(
        "Best cost so far falls in steps; guided by a model it falls lower than at random",
        "迄今最优的代价逐级降低；由模型引导时降得比随机搜索更低",
    )
    board = Board(560, 352, title)
    curves = _curves()
    # The first draws are far off the scale: the picture starts where the choice gets interesting.
    least, most = min(curves["guided"][-1], curves["random"][-1]), 2.5 * curves["guided"][-1]

    def point(number: int, cost: float) -> tuple[float, float]:
        share = (min(cost, most) - least) / (most - least)
        return LEFT + (RIGHT - LEFT) * number / TRIALS, BOTTOM - (BOTTOM - TOP - 10) * share

    board.line((LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM))
    for share in (1.0, 1.5, 2.0, 2.5):
        board.text(LEFT - 8, point(0, share * least)[1] + 5, f"{share:.1f}", anchor="end", size=14)
    for number in range(0, TRIALS + 1, 8):
        board.text(point(number, least)[0], BOTTOM + 22, str(number), size=14)
    for name, kind in (("random", "orange"), ("guided", "blue")):
        for number, cost in enumerate(curves[name], 1):
            x, y = point(number, cost)
            board.box(x - 4, y - (4 if kind == "orange" else 3), 8 if kind == "orange" else 6,
                      8 if kind == "orange" else 6, kind=kind, radius=4)  # fmt: skip
    board.box(330, 46, 14, 14, kind="orange", radius=7)
    board.text(352, 58, Text("random", "随机"), anchor="start", size=14)
    board.box(330, 70, 14, 14, kind="blue", radius=7)
    board.text(352, 82, Text("guided by a model", "模型引导"), anchor="start", size=14)
    board.text((LEFT + RIGHT) / 2, 332, Text("schedules measured", "已测量的调度数"), size=14)
    board.text(14, 22, Text("cost, in units of the least", "代价（以最小值为单位）"), anchor="start", size=14)
    return board
