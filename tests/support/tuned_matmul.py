"""The matrix product whose space of schedules the tests of tuning draw from, and one schedule of it."""

from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.decisions import with_values
from mlc_ref.auto_tuning.space import draw, matmul_space
from mlc_ref.schedules.programs import matmul

MATMUL = matmul(32, 48, 16)
TILES = ((2, 4, 4), (3, 2, 8), 1)


def chosen(values=TILES) -> Schedule:
    """The matmul of the space with these decisions."""
    return with_values(MATMUL, draw(MATMUL, matmul_space, 1), values)
