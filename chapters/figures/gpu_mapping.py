"""Which block and thread computes which element of a matrix product, from the simulator."""

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import matmul
from mlc_ref.gpu_sim import simulate
from mlc_ref.viz.board import Board
from mlc_ref.viz.gpu import mapping_board


def draw() -> Board:
    mod = matmul.naive(Schedule(programs.matmul(8, 12, 4)), side=4).mod
    result = simulate(mod, [np.ones((8, 4), "float32"), np.ones((4, 12), "float32")], [((8, 12), "float32")])
    return mapping_board(result.kernels[0], "C", (8, 12))
