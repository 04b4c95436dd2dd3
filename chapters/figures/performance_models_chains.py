"""Sixteen additions that take four cycles each, into one, two and four accumulators."""

from mlc_ref.language import Text
from mlc_ref.performance_models.pictures import chains_board
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "Sixteen additions of four cycles each: into one accumulator each waits for the one before; into four none has to.",
        "十六次加法，每次四个周期：只有一个累加器时，每次都要等前一次；有四个累加器时，都不用等。",
    )
    return chains_board(title, 16, (1, 2, 4), 4)
