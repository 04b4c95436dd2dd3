"""Predicted and measured times of the row kernels, from the record."""

from mlc_ref.language import Text
from mlc_ref.performance_models.compared import ROWS, recorded
from mlc_ref.performance_models.pictures import predicted_board
from mlc_ref.viz.board import Board


def draw() -> Board:
    title = Text(
        f"Predicted and measured times of softmax and layer normalization of {ROWS[0]} rows of {ROWS[1]}, on one thread.",
        f"{ROWS[0]} 行、每行 {ROWS[1]} 个元素的 softmax 与层归一化：预测时间与实测时间，单线程。",
    )
    record = recorded()
    return predicted_board(title, record.predicted["rows"], record.measured("rows"), record.rank_correlation("rows"))
