"""From development form to deployment form: what each holds, and where the second one runs."""

from mlc_ref.language import Text
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "Development form (Python model, weights, framework) is compiled into deployment form for several devices",
        "开发形式（Python 模型、权重、框架）被编译成部署形式，供多种设备使用",
    )
    board = Board(460, 470, title)
    board.box(10, 10, 440, 120, kind="ghost")
    board.text(24, 34, Text("Development form", "开发形式"), anchor="start", style="bold")
    board.box(24, 48, 128, 66, Text("model\nin Python", "Python\n模型"), kind="blue")
    board.box(166, 48, 128, 66, Text("trained\nweights", "训练好的\n权重"), kind="blue")
    board.box(308, 48, 128, 66, Text("framework:\nall operators", "框架：\n全部算子"), kind="blue")

    board.arrow(230, 132, 230, 196)
    board.text(244, 160, Text("machine learning", "机器学习"), anchor="start", style="bold")
    board.text(244, 180, Text("compilation", "编译"), anchor="start", style="bold")

    board.box(10, 200, 440, 120, kind="ghost")
    board.text(24, 224, Text("Deployment form", "部署形式"), anchor="start", style="bold")
    board.box(24, 238, 128, 66, Text("functions for\nthis hardware", "面向该硬件\n的函数"), kind="green")
    board.box(166, 238, 128, 66, Text("the same\nweights", "同样的\n权重"), kind="green")
    board.box(308, 238, 128, 66, Text("small\nruntime", "小型\n运行时"), kind="green")

    devices = [
        Text("server CPU\nor GPU", "服务器\nCPU 或 GPU"),
        Text("phone or\nbrowser", "手机\n或浏览器"),
        Text("micro-\ncontroller", "微控制器\n（单片机）"),
    ]
    for number, device in enumerate(devices):
        x = 88 + 142 * number
        board.arrow(x, 322, x, 384)
        board.box(x - 64, 388, 128, 66, device, kind="orange")
    return board
