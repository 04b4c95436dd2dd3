"""The digits perceptron as a graph of primitive functions, drawn from the module."""

from mlc_ref.end_to_end.pictures import draw_graph
from mlc_ref.end_to_end.programs import MLP
from mlc_ref.language import Text
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        "Images go through linear0, relu0 and linear1; weights and biases come in from the left",
        "图像依次经过 linear0、relu0 和 linear1，权重与偏置从左侧进入",
    )
    return draw_graph(MLP, title)
