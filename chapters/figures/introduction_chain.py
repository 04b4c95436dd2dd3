"""One module after each step of the chain; the numbers are counted in the modules themselves."""

from mlc_ref.introduction import chain, levels
from mlc_ref.introduction.programs import LinearReluGraph
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

STEPS = [
    Text("lower: a program for every operator", "下降（lowering）：为每个算子选定程序"),
    Text("fuse: one program in place of three", "融合：三个程序变成一个"),
    Text("schedule: loops for the machine", "调度：改写循环以适应机器"),
    Text("generate code", "生成代码"),
]
NAMES = {
    "graph": Text("graph", "计算图"),
    "lower": Text("lowered", "下降（lowering）之后"),
    "fuse": Text("fused", "融合之后"),
    "schedule": Text("scheduled", "调度之后"),
}
COUNTS = Text(
    "operators {operators} · program calls {program_calls} · programs {tensor_programs}",
    "算子 {operators} · 程序调用 {program_calls} · 张量程序 {tensor_programs}",
)


def draw() -> Board:
    title = Text(
        "A module goes through lowering, fusion, scheduling and code generation; every stage gives the same answer",
        "一个模块依次经过下降（lowering）、融合、调度和代码生成；每个阶段给出同样的答案",
    )
    board = Board(460, 540, title)
    for number, (name, mod) in enumerate(chain.stages(LinearReluGraph).items()):
        y = 10 + 112 * number
        kind = "blue" if number == 0 else "purple"
        board.box(10, y, 358, 62, kind=kind)
        board.text(24, y + 25, NAMES[name], anchor="start", style="bold")
        board.text(24, y + 48, COUNTS.format(**vars(levels.describe(mod))), anchor="start", size=14)
        board.arrow(100, y + 64, 100, y + 109)
        board.text(112, y + 92, STEPS[number], anchor="start", size=14, style="soft")
    board.box(10, 458, 358, 62, Text("machine code", "机器代码"), kind="green", style="bold")
    board.line((376, 14), (388, 14), (388, 516), (376, 516))
    board.text(396, 252, Text("same\nanswer\nat each\nstage", "每个\n阶段\n答案\n相同"), size=14, anchor="start")
    return board
