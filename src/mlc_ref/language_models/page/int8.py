"""A matrix in 8 bits with a scale for 32 inputs, as WGSL can read it: four numbers in a word of 32 bits.

Symmetric quantization by groups: the largest absolute value of a group becomes 127.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlc_ref.kinds import refused
from mlc_ref.language import Text

GROUP = 32  # inputs that share a scale
_LANES = 4  # numbers in a word
_ALLOWED = Text(f"(outputs, inputs) with inputs a multiple of {GROUP}", f"输出数 × 输入数，其中输入数是 {GROUP} 的倍数")


@dataclass(frozen=True)
class Int8Matrix:
    """A matrix of ``outputs`` rows and ``inputs`` columns.

    Attributes:
        words: int32 ``(inputs / 4, outputs)``; input ``4 q + b`` lies in byte ``b`` of word ``q``.
        scales: float32 ``(inputs / 32, outputs)``.
    """

    words: np.ndarray
    scales: np.ndarray

    @property
    def outputs(self) -> int:
        return self.words.shape[1]

    @property
    def inputs(self) -> int:
        return self.words.shape[0] * _LANES

    def dequantized(self) -> np.ndarray:
        """float32 ``(outputs, inputs)``: the matrix that the kernels compute with."""
        numbers = self.words.astype("<i4")[..., None].view("int8").reshape(-1, self.outputs, _LANES)
        numbers = numbers.transpose(0, 2, 1).reshape(self.inputs, self.outputs)
        return (numbers * self.scales.repeat(GROUP, 0)).T.astype("float32")


def quantized(matrix: np.ndarray) -> Int8Matrix:
    """The nearest matrix of 8 bits.

    Args:
        matrix: float32 ``(outputs, inputs)``, ``inputs`` a multiple of 32.

    Raises:
        ValueError: it is no such matrix.
    """
    if matrix.ndim != 2 or matrix.shape[1] % GROUP:
        raise ValueError(refused("matrix", f"shape {matrix.shape}", _ALLOWED))
    inputs = np.ascontiguousarray(matrix.T, "float32")
    scales = np.abs(inputs.reshape(-1, GROUP, inputs.shape[1])).max(1) / np.float32(127)
    scales = np.maximum(scales, np.float32(1e-20))
    numbers = np.rint(inputs / scales.repeat(GROUP, 0)).astype("int8")
    lanes = numbers.reshape(-1, _LANES, inputs.shape[1]).transpose(0, 2, 1)
    return Int8Matrix(np.ascontiguousarray(lanes).view("<i4")[..., 0].astype("int32"), scales)


def element(words: Any, scales: Any, place: Any, output: Any) -> Any:
    """TE: the number of input ``place`` and ``output``, from the two arrays; the shifts bring its sign along."""
    return (words[place // _LANES, output] << (24 - place % _LANES * 8) >> 24).astype("float32") * scales[
        place // GROUP, output
    ]
