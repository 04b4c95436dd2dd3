"""What one token of a decoder costs: bytes of weights and cache, operations, and the least time on a machine.

The decoder is one of RMSNorm, rotary positions, grouped queries and SwiGLU, as ``language_models`` builds it. To make one
token it reads every weight once, and the keys and values of all positions so far; with a batch of one there is nothing
else to do with a weight than to multiply it once. So decoding is a stream of weights, and reading a prompt
(prefill) is not: there each weight meets all tokens of the prompt.

Left out: activations, a few kilobytes a layer that stay in caches, and the operations of norms, softmax and positions.
Pope et al., "Efficiently scaling transformer inference", MLSys 2023, count alike.
"""

from dataclasses import dataclass

from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.performance_models.counting import Counts
from mlc_ref.performance_models.machine import MEMORY, Machine

_WHOLE = Text("whole numbers from {least} on", "不小于 {least} 的整数")
_HEADS = Text("a divisor of the {heads} query heads", "{heads} 个查询头的约数")
_BITS = Text("numbers above 0", "大于 0 的数")


@dataclass(frozen=True)
class DecoderShape:
    """The sizes of a decoder.

    Attributes:
        vocabulary: tokens there are.
        dim: of the vector of a token.
        layers, heads, kv_heads, head_dim: blocks; query heads, heads of keys and values, and their length.
        ffn: of the hidden vector of the feed-forward part, which has three matrices.
        tied: whether the last matrix is the embedding itself.

    Raises:
        ValueError: a size below 1, or query heads that cannot share the heads of keys.
    """

    vocabulary: int
    dim: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    tied: bool = False

    def __post_init__(self) -> None:
        for name in ("vocabulary", "dim", "layers", "heads", "kv_heads", "head_dim", "ffn"):
            _require_whole(name, getattr(self, name), 1)
        if self.heads % self.kv_heads:
            raise ValueError(refused("kv_heads", self.kv_heads, _HEADS.format(heads=self.heads)))

    @property
    def layer_weights(self) -> int:
        """Elements of the matrices of one layer: queries, keys and values, output, and the three of the feed-forward part."""
        qkv = self.dim * (self.heads + 2 * self.kv_heads) * self.head_dim
        return qkv + self.heads * self.head_dim * self.dim + 3 * self.dim * self.ffn

    @property
    def norms(self) -> int:
        """Elements of the scales of the norms: two a layer, and the last."""
        return (2 * self.layers + 1) * self.dim

    @property
    def parameters(self) -> int:
        """All elements that are learnt."""
        tables = self.vocabulary * self.dim * (1 if self.tied else 2)
        return tables + self.layers * self.layer_weights + self.norms

    @property
    def multiplied(self) -> int:
        """Elements of the matrices that every token is multiplied with: the layers' and the last; of the embedding one row is read."""
        return self.layers * self.layer_weights + self.vocabulary * self.dim

    @property
    def cache_elements(self) -> int:
        """Keys and values of one position, in all layers."""
        return 2 * self.layers * self.kv_heads * self.head_dim


@dataclass(frozen=True)
class Storage:
    """How weights and cache are stored.

    Attributes:
        weight_bits: of an element of a matrix; norms and the embedding's row stay in 32 bits.
        cache_bits: of a key or value.
        group: elements that share a scale of ``scale_bits``; ``None``: no scales.
        scale_bits: of a scale.

    Raises:
        ValueError: bits that are not above 0, or a group below 1.
    """

    weight_bits: float = 32
    cache_bits: float = 32
    group: int | None = None
    scale_bits: float = 32

    def __post_init__(self) -> None:
        for name in ("weight_bits", "cache_bits", "scale_bits"):
            if not getattr(self, name) > 0:
                raise ValueError(refused(name, getattr(self, name), _BITS))
        if self.group is not None:
            _require_whole("group", self.group, 1)

    def weight_bytes(self, elements: int) -> float:
        """Bytes of a matrix, its scales too."""
        scales = 0 if self.group is None else elements / self.group * self.scale_bits
        return (elements * self.weight_bits + scales) / 8


FLOAT32 = Storage()


def decode_counts(shape: DecoderShape, context: int, storage: Storage = FLOAT32) -> Counts:
    """What one token costs that sees ``context`` positions before it, and itself: ``prefill_counts`` of one token."""
    return prefill_counts(shape, 1, context, storage)


def prefill_counts(shape: DecoderShape, tokens: int, context: int = 0, storage: Storage = FLOAT32) -> Counts:
    """What a prompt of ``tokens`` costs behind ``context`` positions that are in the cache already.

    The last matrix is multiplied with the last token alone. Token ``i`` of the prompt sees ``context + i + 1`` positions:
    two operations for each element of a key and of a value, for every query head.

    Returns:
        ``loaded_bytes``: every weight once, the rows of the embedding, the cache as it was. ``stored_bytes``: the new
        keys and values. ``flops``: two for each multiply-add. ``loads`` and ``stores``: the elements of all these.

    Raises:
        ValueError: fewer than one token, or a negative context.
    """
    _require_whole("tokens", tokens, 1)
    _require_whole("context", context, 0)
    rows = tokens * shape.dim
    old, new = context * shape.cache_elements, tokens * shape.cache_elements
    head = shape.vocabulary * shape.dim
    loaded = storage.weight_bytes(shape.multiplied) + 4 * (shape.norms + rows) + old * storage.cache_bits / 8
    stored = new * storage.cache_bits / 8
    seen = tokens * context + tokens * (tokens + 1) // 2
    attention = 2 * 2 * shape.layers * shape.heads * shape.head_dim * seen
    flops = 2 * (tokens * (shape.multiplied - head) + head) + attention
    elements = shape.multiplied + shape.norms + rows + old
    moved = round(loaded) + round(stored)
    return Counts(elements, new, round(loaded), round(stored), flops, 0, moved)


def least_seconds(counts: Counts, machine: Machine, *, source: str = MEMORY) -> float:
    """The least time on one core: its operations at their peak, or its bytes from ``source``, whichever is longer.

    Args:
        source: where the weights are before each token: ``memory``, or the name of a cache that holds them all.

    Raises:
        ValueError: the machine has no such memory.
    """
    return max(machine.least_times(counts.operations, {source: counts.least_bytes}).values())


def _require_whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(refused(name, value, _WHOLE.format(least=least)))
