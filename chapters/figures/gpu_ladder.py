"""What each step of the matrix multiplication moves, counted by the simulator."""

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import matmul
from mlc_ref.gpu_sim import Counters, simulate
from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

N, M, K = 128, 128, 64
LEFT, WIDTH = 170, 290


def _counters() -> dict[str, Counters]:
    a, b = np.zeros((N, K), "float32"), np.zeros((K, M), "float32")
    runs = {name: step(Schedule(programs.matmul(N, M, K))).mod for name, step in matmul.LADDER.items()}
    return {name: simulate(mod, [a, b], [((N, M), "float32")]).counters for name, mod in runs.items()}


def _bars(board: Board, y: int, title: Text, values: dict[str, float], kind: Kind, form: str) -> None:
    board.text(8, y, title, anchor="start", style="bold")
    for i, (name, value) in enumerate(values.items()):
        top = y + 12 + 24 * i
        board.text(LEFT - 8, top + 15, name, anchor="end", style="mono", size=14)
        length = max(2, WIDTH * value / max(values.values()))
        board.box(LEFT, top, length, 20, kind=kind, radius=2)
        board.text(LEFT + length + 6, top + 15, format(value, form), anchor="start", style="mono", size=14)


def draw() -> Board:
    title = Text(
        "Bars for the six steps: load requests and bytes fall, operations a byte grow",
        "六个步骤的条形图：加载请求与字节数减少，每字节运算次数增加",
    )
    counters = _counters()
    board = Board(560, 586, title)
    requests = {name: c.global_load_requests for name, c in counters.items()}
    kilobytes = {name: c.global_bytes / 1024 for name, c in counters.items()}
    intensity = {name: c.intensity for name, c in counters.items()}
    _bars(board, 22, Text("global load requests", "全局内存加载请求"), requests, "blue", ",.0f")
    _bars(
        board, 218, Text("KiB from and to global memory", "与全局内存往来的数据量（KiB）"), kilobytes, "purple", ",.0f"
    )
    _bars(board, 414, Text("operations a byte", "每字节运算次数"), intensity, "green", ".2f")
    return board
