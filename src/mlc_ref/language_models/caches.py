"""Where keys and values are kept while a graph is built: arrays that grow, arrays written in place, TVM's pages.

Each kind takes the queries, keys and values of new positions and emits the attention over all positions so far. The
decoder (``relax_model``) is the same for all three.
"""

from typing import TYPE_CHECKING

from mlc_ref.language_models import expressions
from mlc_ref.language_models.config import Config

if TYPE_CHECKING:
    from tvm import tirx
    from tvm.relax.frontend import nn


def _turned(config: Config, qkv: "nn.Tensor", offset: "tirx.Expr | int") -> "tuple[nn.Tensor, nn.Tensor, nn.Tensor]":
    """Queries and keys, turned by their positions, and values, each ``(1, length, heads, head_dim)``."""
    from tvm.relax.frontend.nn import op

    c, parts, first = config, [], 0
    for count in (c.heads, c.kv_heads, c.kv_heads):
        parts.append(op.tensor_expr_op(expressions.heads_between, "heads", [qkv, first, count]))
        first += count
    q, k = (op.tensor_expr_op(expressions.rope, "rope", [each, offset, c.theta]) for each in parts[:2])
    return q, k, parts[2]


def _attention(
    q: "nn.Tensor", k: "nn.Tensor", v: "nn.Tensor", offset: "tirx.Expr | int", positions: "tirx.Expr | int"
) -> "nn.Tensor":
    from tvm.relax.frontend.nn import op

    scores = op.tensor_expr_op(expressions.causal_scores, "causal_scores", [q, k, offset, positions])
    return op.tensor_expr_op(expressions.mixed_values, "mixed_values", [op.softmax(scores, -1), v])


class Growing:
    """Keys and values of the positions before come as arrays; new, longer arrays go back.

    Attributes:
        new: keys and values of all positions, layer after layer, after ``attend`` of each layer.
    """

    def __init__(self, config: Config, past: "list[nn.Tensor] | None"):
        self.config, self.past = config, past
        self.new: list[nn.Tensor] = []

    def attend(self, layer: int, qkv: "nn.Tensor") -> "nn.Tensor":
        """Attention over the past and ``qkv`` ``(1, length, heads + 2 * kv_heads, head_dim)``."""
        from tvm.relax.frontend.nn import op

        offset = self.past[0].shape[1] if self.past else 0
        q, k, v = _turned(self.config, qkv, offset)
        if self.past:
            k, v = op.concat([self.past[2 * layer], k], 1), op.concat([self.past[2 * layer + 1], v], 1)
        self.new += [k, v]
        return _attention(q, k, v, offset, k.shape[1])


class InPlace:
    """Arrays of the full length, of which the rows up to the last position are filled; a program writes into them.

    Attributes:
        arrays: keys and values, layer after layer, each ``(1, rows, kv_heads, head_dim)``.
    """

    def __init__(self, config: Config, arrays: "list[nn.Tensor]", offset: "tirx.Expr | int"):
        self.config, self.arrays, self.offset = config, arrays, offset

    def attend(self, layer: int, qkv: "nn.Tensor") -> "nn.Tensor":
        """As ``Growing.attend``; the new rows are written at ``offset``."""
        q, k, v = _turned(self.config, qkv, self.offset)
        k, v = (self._append(2 * layer + i, new) for i, new in enumerate((k, v)))
        return _attention(q, k, v, self.offset, self.offset + qkv.shape[1])

    def _append(self, index: int, new: "nn.Tensor") -> "nn.Tensor":
        from tvm.relax.frontend import nn
        from tvm.relax.frontend.nn import op

        from mlc_ref.language_models.programs import append_rows

        cache = self.arrays[index]
        like = nn.Tensor.placeholder(cache.shape, cache.dtype, "cache")
        written = op.tensor_ir_inplace_op(append_rows, "append_rows", [cache, new, self.offset], 0, like)
        self.arrays[index] = written
        return written


class Paged:
    """Pages of an object of TVM's runtime, which turns queries and keys itself and serves many sequences at once."""

    def __init__(self, config: Config, state: "nn.Tensor"):
        self.config, self.state = config, state

    def attend(self, layer: int, qkv: "nn.Tensor") -> "nn.Tensor":
        """As ``Growing.attend``, for one row a sequence, ``(batch, length, heads + 2 * kv_heads, head_dim)``."""
        c = self.config
        return self.state.attention_with_fused_qkv(layer, qkv, c.heads, c.head_dim**-0.5)
