"""The sectors a warp touches when it reads every 8th element, from the simulator."""

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules.vector_add import one_element_a_thread
from mlc_ref.gpu_sim import simulate
from mlc_ref.viz.board import Board
from mlc_ref.viz.gpu import sector_board

STRIDE = 8


def draw() -> Board:
    mod = one_element_a_thread(Schedule(programs.strided_copy(256, STRIDE)), block="copy").mod
    result = simulate(mod, [np.zeros(256 * STRIDE, "float32")], [((256,), "float32")])
    return sector_board(result.kernels[0].access("A"))
