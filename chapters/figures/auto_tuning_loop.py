"""The search loop: candidates, validity, prediction, measurement, memory."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board

STEPS = [
    (190, 14, "blue", Text("draw or mutate\nmany candidates", "采样或变异\n大量候选")),
    (372, 100, "plain", Text("finish, check\ndrop the invalid", "收尾并检查\n去掉无效的")),
    (372, 222, "purple", Text("predict cost\nkeep a few", "预测代价\n留下少数")),
    (190, 310, "orange", Text("build and measure\nthe few", "编译并测量\n这少数几个")),
    (8, 160, "green", Text("remember\nall measured", "记住\n所有测量结果")),
]
WIDTH, HEIGHT = 172, 58


def draw() -> Board:
    title = Text(
        "Draw or mutate, finish and check, predict, measure, remember, and back; the memory also fits the model",
        "采样或变异、收尾并检查、预测、测量、记住，然后回到开头；记住的结果还用来拟合模型",
    )
    board = Board(560, 384, title)
    for x, y, kind, label in STEPS:
        board.box(x, y, WIDTH, HEIGHT, label, kind=kind)
    board.arrow(362, 50, 440, 98)
    board.arrow(458, 158, 458, 220)
    board.arrow(440, 280, 364, 332)
    board.arrow(188, 332, 100, 220)
    board.arrow(100, 158, 188, 50)
    board.arrow(182, 196, 370, 244, dashed=True)
    board.text(268, 200, Text("fit the model", "拟合模型"), anchor="start", style="soft")
    board.text(124, 92, Text("parents", "父代"), anchor="end", style="soft")
    return board
