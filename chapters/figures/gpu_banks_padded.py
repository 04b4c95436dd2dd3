"""The banks of shared memory that a warp of the padded transpose reads, from the simulator."""

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import transpose
from mlc_ref.gpu_sim import simulate
from mlc_ref.viz.board import Board
from mlc_ref.viz.gpu import bank_board


def draw() -> Board:
    mod = transpose.padded(Schedule(programs.transpose(64, 96))).mod
    result = simulate(mod, [np.zeros((64, 96), "float32")], [((96, 64), "float32")])
    return bank_board(result.kernels[0].access("A_shared"))
