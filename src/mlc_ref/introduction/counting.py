"""Floating-point operations and bytes of relu(x @ w + b), by formula.

Conventions: an addition, a multiplication and a maximum are one operation each; a tensor's bytes are
its number of elements times the bytes of one element; an operator reads each operand once and writes
its result once.
"""

from dataclasses import dataclass

from mlc_ref.kinds import invalid


@dataclass(frozen=True)
class Layer:
    """One layer relu(x @ w + b) with x (batch, inputs), w (inputs, outputs), b (outputs,).

    Args:
        batch, inputs, outputs: sizes, at least 1.
        item_bytes: bytes of one element, 4 for float32.

    Raises:
        ValueError: a size below 1.
    """

    batch: int
    inputs: int
    outputs: int
    item_bytes: int = 4

    def __post_init__(self) -> None:
        for name in ("batch", "inputs", "outputs", "item_bytes"):
            if getattr(self, name) < 1:
                raise invalid(
                    f"{name}: got {getattr(self, name)}, must be at least 1",
                    f"{name}：得到 {getattr(self, name)}，要不小于 1",
                )

    @property
    def flops(self) -> int:
        """Operations: per result, a multiplication and an addition for each input, the bias, the maximum."""
        return self.batch * self.outputs * (2 * self.inputs + 2)

    @property
    def parameter_bytes(self) -> int:
        """Bytes of the weights and the bias."""
        return self.item_bytes * (self.inputs * self.outputs + self.outputs)

    @property
    def separate_bytes(self) -> int:
        """Bytes read and written when matmul, add and relu run one after the other, each through memory."""
        x, w, result = self.batch * self.inputs, self.inputs * self.outputs, self.batch * self.outputs
        matmul = x + w + result
        add = result + self.outputs + result
        relu = result + result
        return self.item_bytes * (matmul + add + relu)

    @property
    def fused_bytes(self) -> int:
        """Bytes read and written when one function computes the layer and keeps what lies between to itself."""
        x, w, result = self.batch * self.inputs, self.inputs * self.outputs, self.batch * self.outputs
        return self.item_bytes * (x + w + self.outputs + result)
