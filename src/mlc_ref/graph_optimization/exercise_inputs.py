"""Graphs for the exercises, written line by line, with their meaning in NumPy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.graph_optimization.sketch_lines import check_lines
from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    import tvm

# What the operators mean, in float64.
_NUMPY = SimpleNamespace(
    add=np.add,
    subtract=np.subtract,
    multiply=np.multiply,
    matmul=np.matmul,
    permute_dims=np.transpose,
    exp=np.exp,
    tanh=np.tanh,
    sigmoid=lambda x: 1 / (1 + np.exp(-x)),
    nn=SimpleNamespace(relu=lambda x: np.maximum(x, 0)),
    const=lambda value, dtype: np.float64(value),
)

_REFUSED = Text("Sketch: TVM refuses the graph: {reason}", "Sketch：TVM 不接受这个图，英文原文：{reason}")


@dataclass(frozen=True)
class Sketch:
    """A graph on float32 tensors, as text.

    Attributes:
        parameters: names and shapes of the parameters of ``main``.
        lines: bindings such as ``"total = R.add(x, y)"``.
        result: the variable that is returned, or several, separated by commas: a tuple.
        pure: whether all lines stand in one dataflow block; else they stand outside of any.
    """

    parameters: Mapping[str, tuple[int, ...]]
    lines: Sequence[str]
    result: str
    pure: bool = True

    def module(self) -> "tvm.IRModule":
        """The graph as a module with the function ``main``.

        Raises:
            ValueError: one line: which line is no binding, names nothing known, or is refused by TVM.
        """
        import tvm

        check_lines(self.parameters, self.lines, self.result)
        params = ", ".join(f'{name}: R.Tensor({shape}, "float32")' for name, shape in self.parameters.items())
        head = ["@I.ir_module", "class Module:", f"    @R.function(pure={self.pure})", f"    def main({params}):"]
        indent = " " * (12 if self.pure else 8)
        body = [indent + line for line in self.lines]
        if self.pure:
            body = ["        with R.dataflow():", *body, f"{indent}R.output({self.result})"]
        end = f"        return ({self.result})" if "," in self.result else f"        return {self.result}"
        try:
            return tvm.script.from_source("\n".join([*head, *body, end]))
        except Exception as error:  # TVM adds hundreds of lines about its parser
            told = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
            reason = next((line for line in told if line.startswith("error: ")), told[-1]).removeprefix("error: ")
            raise ValueError(for_print(_REFUSED.format(reason=reason))) from None

    def arrays(self, rng: np.random.Generator) -> list[np.ndarray]:
        """Random arguments for ``main``, in its order."""
        return [rng.standard_normal(shape).astype("float32") for shape in self.parameters.values()]

    def oracle(self, *arrays: np.ndarray) -> np.ndarray:
        """What the graph computes, in float64; for pure graphs with one result."""
        values = {name: a.astype("float64") for name, a in zip(self.parameters, arrays, strict=True)}
        for line in self.lines:
            name, _, expression = line.partition(" = ")
            values[name.partition(":")[0]] = eval(expression, {"R": _NUMPY, "__builtins__": {}}, values)
        return values[self.result]


def gated_network(rows: int, inputs: int, hidden: int, outputs: int) -> Sketch:
    """``tanh(s) * sigmoid(s)`` of one linear layer ``s``, written twice, then a second layer; one line is dead."""
    shapes = {"x": (rows, inputs), "w0": (hidden, inputs), "b0": (hidden,), "w1": (outputs, hidden), "b1": (outputs,)}
    lines = [
        "t0 = R.permute_dims(w0)",
        "h0 = R.matmul(x, t0)",
        "s0 = R.add(h0, b0)",
        "a = R.tanh(s0)",
        "t1 = R.permute_dims(w0)",
        "h1 = R.matmul(x, t1)",
        "s1 = R.add(h1, b0)",
        "g = R.sigmoid(s1)",
        "lost = R.exp(s1)",
        "m = R.multiply(a, g)",
        "t2 = R.permute_dims(w1)",
        "h2 = R.matmul(m, t2)",
        "out = R.add(h2, b1)",
    ]
    return Sketch(shapes, lines, "out")
