"""The primitive ``fuse`` as loop nest before and after, computed from the program."""

from mlc_ref.schedules.pictures import primitive_board
from mlc_ref.viz.board import Board


def draw() -> Board:
    return primitive_board("fuse")
