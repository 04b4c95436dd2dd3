"""The sets of a cache filled by a column: rows of a power of two, and rows with a line of padding."""

from mlc_ref.cache_model import access_order, lines_in_sets
from mlc_ref.language import Text
from mlc_ref.performance_models.machine import EXAMPLE
from mlc_ref.performance_models.pictures import sets_board
from mlc_ref.performance_models.programs import LINE_ELEMENTS, column_sums
from mlc_ref.viz.board import Board

ROWS, PITCH = 64, 1024


def draw() -> Board:
    title = Text(
        "The lines of a column of 64 elements in the sets of a cache: all in one set, and spread out by padding.",
        "一列 64 个元素所在的缓存行落入哪些组：全部挤在一组，填充之后分散到各组。",
    )
    level = EXAMPLE.level("L1")
    filled = {
        f"X ({ROWS}, {pitch})": lines_in_sets(access_order(column_sums(ROWS, 1, pitch)), level, "X")
        for pitch in (PITCH, PITCH + LINE_ELEMENTS)
    }
    return sets_board(title, filled, level)
