"""The tensor programs of a step that schedule primitives do not make: a cache that is written, softmax in one pass, the choice."""

from tvm import tirx
from tvm.script import tirx as T


def append(length: int, width: int, head_dim: int) -> tirx.PrimFunc:
    """Put key and value of the position into its row of the cache, the key turned by its position.

    The cache is float32 ``(length, 2 * width)``: keys, then values. ``turns`` is float32 ``(2, length, head_dim / 2)``: cosines, sines.
    """
    half = head_dim // 2

    @T.prim_func(private=True, s_tir=True)
    def append(
        cache: T.Buffer((length, 2 * width), "float32"),
        key_value: T.Buffer((2 * width,), "float32"),
        turns: T.Buffer((2, length, half), "float32"),
        position: T.Buffer((1,), "int32"),
    ):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        for i in T.thread_binding(2 * width, "threadIdx.x"):
            with T.sblock("append"):
                vi = T.axis.spatial(2 * width, i)
                T.reads(key_value[0 : 2 * width], turns[0:2, 0:length, 0:half], position[0])
                T.writes(cache[0:length, vi])
                if vi >= width:
                    cache[position[0], vi] = key_value[vi]
                elif vi % head_dim < half:
                    cache[position[0], vi] = (
                        key_value[vi] * turns[0, position[0], vi % half]
                        - key_value[vi + half] * turns[1, position[0], vi % half]
                    )
                else:
                    cache[position[0], vi] = (
                        key_value[vi] * turns[0, position[0], vi % half]
                        + key_value[vi - half] * turns[1, position[0], vi % half]
                    )

    return append


def mix(heads: int, kv_heads: int, head_dim: int, length: int) -> tirx.PrimFunc:
    """Softmax of each head's scores up to the position, and the sum of the values with it, in one pass over the scores.

    ``scores`` is float32 ``(heads * length,)``. Each thread keeps the greatest score so far, and rescales its sums when it grows.
    """
    width, group = kv_heads * head_dim, heads // kv_heads

    @T.prim_func(private=True, s_tir=True)
    def mix(
        scores: T.Buffer((heads * length,), "float32"),
        cache: T.Buffer((length, 2 * width), "float32"),
        position: T.Buffer((1,), "int32"),
        mixed: T.Buffer((heads * head_dim,), "float32"),
    ):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        for h in T.thread_binding(heads, "blockIdx.x"):
            for d in T.thread_binding(head_dim, "threadIdx.x"):
                with T.sblock("mix"):
                    vh, vd = T.axis.remap("SS", [h, d])
                    T.reads(scores[vh * length : vh * length + length], cache[0:length, 0 : 2 * width], position[0])
                    T.writes(mixed[vh * head_dim + vd])
                    most = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    total = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    value = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    next_most = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    most[0] = T.float32(-1e30)
                    total[0] = T.float32(0)
                    value[0] = T.float32(0)
                    for t in range(length):
                        if t <= position[0]:
                            next_most[0] = T.max(most[0], scores[vh * length + t])
                            total[0] = total[0] * T.exp(most[0] - next_most[0]) + T.exp(
                                scores[vh * length + t] - next_most[0]
                            )
                            value[0] = (
                                value[0] * T.exp(most[0] - next_most[0])
                                + T.exp(scores[vh * length + t] - next_most[0])
                                * cache[t, width + vh // group * head_dim + vd]
                            )
                            most[0] = next_most[0]
                    mixed[vh * head_dim + vd] = value[0] / total[0]

    return mix


def pick(vocab: int, length: int) -> tirx.PrimFunc:
    """Write the word after this one: that of the greatest logit, or the one in whose share of the sum the position's number falls.

    ``choice`` is float32 ``(length + 1,)``: a number from 0 to 1 for each position, then the temperature; at 0 the greatest logit wins.
    """

    @T.prim_func(private=True, s_tir=True)
    def pick(
        tokens: T.Buffer((length + 1,), "int32"),
        logits: T.Buffer((vocab,), "float32"),
        choice: T.Buffer((length + 1,), "float32"),
        position: T.Buffer((1,), "int32"),
        given: T.Buffer((1,), "int32"),
    ):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        for i in T.thread_binding(1, "threadIdx.x"):
            with T.sblock("pick"):
                vi = T.axis.spatial(1, i)
                T.reads(logits[0:vocab], choice[0 : length + 1], position[vi], given[vi])
                T.writes(tokens[0 : length + 1])
                most = T.sblock_alloc_buffer((1,), "float32", scope="local")
                left = T.sblock_alloc_buffer((1,), "float32", scope="local")
                best = T.sblock_alloc_buffer((1,), "int32", scope="local")
                most[0] = T.float32(-3e38)
                best[0] = 0
                for j in range(vocab):
                    if logits[j] > most[0]:
                        most[0] = logits[j]
                        best[0] = j
                if choice[length] > T.float32(0):
                    left[0] = T.float32(0)
                    for j in range(vocab):
                        left[0] = left[0] + T.exp((logits[j] - most[0]) / choice[length])
                    left[0] = left[0] * choice[position[vi]]
                    for j in range(vocab):
                        if left[0] >= T.float32(0):
                            best[0] = j
                        left[0] = left[0] - T.exp((logits[j] - most[0]) / choice[length])
                if position[vi] + 1 >= given[vi]:
                    tokens[position[vi] + 1] = best[0]

    return pick


def advance(length: int) -> tirx.PrimFunc:
    """Go on to the next position; the last one stays."""

    @T.prim_func(private=True, s_tir=True)
    def advance(position: T.Buffer((1,), "int32")):
        T.func_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
        for i in T.thread_binding(1, "threadIdx.x"):
            with T.sblock("advance"):
                vi = T.axis.spatial(1, i)
                position[vi] = T.min(position[vi] + 1, length - 1)

    return advance
