"""The map of the course: every topic at the level of abstraction it works on."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

ROWS: list[tuple[Kind, Text, list[Text]]] = [
    (
        "blue",
        Text("graphs", "计算图"),
        [
            Text("End to end", "端到端"),
            Text("Frameworks", "框架导入"),
            Text("Graph\noptimization", "计算图\n优化"),
        ],
    ),
    (
        "purple",
        Text("tensor programs", "张量程序"),
        [
            Text("Tensor\nprograms", "张量\n程序"),
            Text("Schedules", "调度"),
            Text("Automatic\ntuning", "自动\n调优"),
        ],
    ),
    (
        "green",
        Text("instructions", "硬件指令"),
        [Text("GPU", "GPU"), Text("Tensorization", "张量化")],
    ),
]


def draw() -> Board:
    title = Text(
        "Nine topics: the introduction over all levels, then topics on graphs, tensor programs and instructions",
        "九个主题：导论贯穿各层，其余分别位于计算图、张量程序和硬件指令层",
    )
    board = Board(460, 400, title)
    board.box(10, 10, 440, 44, Text("Introduction: all levels at once", "导论：一次看遍各层"), kind="orange")
    for number, (kind, level, topics) in enumerate(ROWS):
        y = 74 + 110 * number
        board.box(10, y, 440, 98, kind="ghost")
        board.text(22, y + 22, level, anchor="start", style="bold")
        for place, topic in enumerate(topics):
            board.box(20 + 142 * place, y + 34, 136, 54, topic, kind=kind)
    return board
