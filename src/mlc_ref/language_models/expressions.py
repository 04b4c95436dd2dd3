"""The decoder's own tensor expressions: rotary positions, causal scores of grouped queries, and their mixed values.

No key is copied for the query heads that share it, and no row of a cache beyond the last position is read: the sums run
over ``positions``, which may be symbolic. Shapes may be symbolic everywhere else, too.
"""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tvm import te, tirx

_HIDDEN = -1e30  # of a score: its share after softmax is 0


def embedded(tokens: "te.Tensor", table: "te.Tensor") -> "te.Tensor":
    """Rows of ``table`` ``(vocab, dim)`` for ``tokens`` ``(batch, length)`` int32: ``(batch, length, dim)``.

    ``nn.Embedding`` does the same with ``take``, at which TVM warns each time of numbers outside of the table.
    """
    from tvm import te

    return te.compute((*tokens.shape, table.shape[1]), lambda b, s, i: table[tokens[b, s], i], name="embedded")


def rope(x: "te.Tensor", offset: "tirx.Expr | int", theta: float) -> "te.Tensor":
    """Turn the pairs ``(i, i + half)`` of every vector by its position.

    Args:
        x: ``(batch, length, heads, head_dim)`` float32.
        offset: position of the first row.
        theta: base of the angles.

    Source: J. Su et al., *RoFormer: Enhanced Transformer with Rotary Position Embedding*, 2021.
    """
    from tvm import te, tirx

    width = int(x.shape[3])
    half = width // 2

    def at(b: "tirx.Var", s: "tirx.Var", h: "tirx.Var", i: "tirx.Var") -> "tirx.Expr":
        frequency = tirx.exp((i % half).astype("float32") * tirx.const(-math.log(theta) / half, "float32"))
        angle = (s + offset).astype("float32") * frequency
        # Both sides of a choice may be computed: no index leaves the vector in either.
        low, high = x[b, s, h, tirx.max(i - half, 0)], x[b, s, h, tirx.min(i + half, width - 1)]
        return x[b, s, h, i] * tirx.cos(angle) + tirx.if_then_else(i < half, -high, low) * tirx.sin(angle)

    return te.compute(x.shape, at, name="rope")


def causal_scores(
    q: "te.Tensor", k: "te.Tensor", offset: "tirx.Expr | int", positions: "tirx.Expr | int"
) -> "te.Tensor":
    """Scaled products of queries and keys; those behind a query's own position are hidden.

    Args:
        q: ``(batch, length, heads, head_dim)`` float32; its first row stands at ``offset``.
        k: ``(batch, rows, kv_heads, head_dim)``, ``rows`` at least ``positions``.
        positions: how many keys there are.

    Returns:
        ``(batch, heads, length, positions)``.
    """
    from tvm import te, tirx

    batch, length, heads, width = q.shape
    group = int(heads) // int(k.shape[2])
    d = te.reduce_axis((0, width), "d")
    products = te.compute(
        (batch, heads, length, positions),
        lambda b, h, s, t: te.sum(q[b, s, h, d] * k[b, t, h // group, d], axis=d),
        name="products",
    )
    scale, hidden = tirx.const(int(width) ** -0.5, "float32"), tirx.const(_HIDDEN, "float32")
    return te.compute(
        products.shape,
        lambda b, h, s, t: tirx.if_then_else(t <= s + offset, products[b, h, s, t] * scale, hidden),
        name="causal",
    )


def mixed_values(shares: "te.Tensor", v: "te.Tensor") -> "te.Tensor":
    """The values of all positions, each with its share.

    Args:
        shares: ``(batch, heads, length, positions)`` float32.
        v: ``(batch, rows, kv_heads, head_dim)``, ``rows`` at least ``positions``.

    Returns:
        ``(batch, length, heads, head_dim)``.
    """
    from tvm import te

    batch, heads, length, positions = shares.shape
    group = int(heads) // int(v.shape[2])
    t = te.reduce_axis((0, positions), "t")
    return te.compute(
        (batch, length, heads, v.shape[3]),
        lambda b, s, h, d: te.sum(shares[b, h, s, t] * v[b, t, h // group, d], axis=t),
        name="mixed",
    )


def heads_between(x: "te.Tensor", first: int, count: int) -> "te.Tensor":
    """The heads ``first`` to ``first + count`` of ``(batch, length, all heads, head_dim)``."""
    from tvm import te

    batch, length, _, width = x.shape
    return te.compute((batch, length, count, width), lambda b, s, h, d: x[b, s, first + h, d], name="heads")


def last_row(x: "te.Tensor") -> "te.Tensor":
    """The last position of ``(batch, length, dim)``: ``(batch, 1, dim)``."""
    from tvm import te

    batch, length, dim = x.shape
    return te.compute((batch, 1, dim), lambda b, s, i: x[b, s + length - 1, i], name="last")
