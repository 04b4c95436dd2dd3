"""Predicted and measured times of the matmul ladder, from the record."""

from mlc_ref.language import Text
from mlc_ref.performance_models.compared import SIDE, recorded
from mlc_ref.performance_models.pictures import predicted_board
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        f"Predicted and measured times of the matmul ladder at {SIDE} × {SIDE} × {SIDE}, on one thread.",
        f"{SIDE} × {SIDE} × {SIDE} 矩阵乘法阶梯的预测时间与实测时间，单线程。",
    )
    record = recorded()
    return predicted_board(
        title, record.predicted["matmul"], record.measured("matmul"), record.rank_correlation("matmul")
    )
