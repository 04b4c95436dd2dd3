"""The memory of the convolutional network before and after planning, drawn from the plan."""

from mlc_ref.end_to_end.models import cnn_module
from mlc_ref.end_to_end.pictures import draw_memory
from mlc_ref.language import Text
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "Six tensors as bars over the steps in which they are needed: six pieces of memory before planning, four after",
        "六个张量画成横条，跨越需要它们的步骤：规划之前是六块内存，规划之后是四块",
    )
    return draw_memory(cnn_module(4), title)
