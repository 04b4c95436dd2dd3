"""The decoder in ``relax.frontend.nn``: prefill and decode in one module with symbolic lengths, for each kind of cache."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import op, spec
from tvm.relax.frontend.nn.llm.kv_cache import PagedKVCache, RopeMode, TIRPagedKVCache

from mlc_ref.kinds import takes
from mlc_ref.language_models import expressions
from mlc_ref.language_models.caches import Growing, InPlace, Paged
from mlc_ref.language_models.config import Config

if TYPE_CHECKING:
    import tvm


class Block(nn.Module):
    """Attention and the feed-forward part, each added to its input ``(batch, length, dim)``."""

    def __init__(self, config: Config):
        self.config = c = config
        self.norm1 = nn.RMSNorm(c.dim, -1, c.eps, bias=False)
        self.qkv = nn.Linear(c.dim, (c.heads + 2 * c.kv_heads) * c.head_dim, bias=False)
        self.out = nn.Linear(c.heads * c.head_dim, c.dim, bias=False)
        self.norm2 = nn.RMSNorm(c.dim, -1, c.eps, bias=False)
        self.gate_up = nn.Linear(c.dim, 2 * c.ffn, bias=False)
        self.down = nn.Linear(c.ffn, c.dim, bias=False)

    def forward(self, x: nn.Tensor, layer: int, cache: Growing | InPlace | Paged) -> nn.Tensor:
        c, (batch, length, _) = self.config, x.shape
        qkv = op.reshape(self.qkv(self.norm1(x)), (batch, length, c.heads + 2 * c.kv_heads, c.head_dim))
        mixed = op.reshape(cache.attend(layer, qkv), (batch, length, c.heads * c.head_dim))
        x = x + self.out(mixed)
        gate, up = op.split(self.gate_up(self.norm2(x)), 2, axis=-1)
        return x + self.down(op.silu(gate) * up)


class Decoder(nn.Module):
    """Words to logits of the next word; what is common to all caches."""

    def __init__(self, config: Config):
        self.config = config
        self.embed = nn.Embedding(config.vocab, config.dim)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.norm = nn.RMSNorm(config.dim, -1, config.eps, bias=False)
        self.head = nn.Linear(config.dim, config.vocab, bias=False)

    def next_word(self, tokens: nn.Tensor, cache: Growing | InPlace | Paged) -> nn.Tensor:
        """Logits ``(batch, 1, vocab)`` after the last of ``tokens`` ``(batch, length)`` int32."""
        x = op.tensor_expr_op(expressions.embedded, "embedded", [tokens, self.embed.weight])
        for layer, block in enumerate(self.blocks):
            x = block(x, layer, cache)
        last = x if x.shape[1] == 1 else op.tensor_expr_op(expressions.last_row, "last_row", [x])
        return self.head(self.norm(last))


class GrowingDecoder(Decoder):
    """Each step returns keys and values that are a row longer."""

    def prefill(self, tokens: nn.Tensor) -> tuple[nn.Tensor, list[nn.Tensor]]:
        cache = Growing(self.config, None)
        return self.next_word(tokens, cache), cache.new

    def decode(self, token: nn.Tensor, past: list[nn.Tensor]) -> tuple[nn.Tensor, list[nn.Tensor]]:
        cache = Growing(self.config, past)
        return self.next_word(token, cache), cache.new


class InPlaceDecoder(Decoder):
    """Keys and values are written into arrays of the caller, at ``offset``; the logits alone go back."""

    def prefill(self, tokens: nn.Tensor, offset: Any, arrays: list[nn.Tensor]) -> nn.Tensor:
        return self.next_word(tokens, InPlace(self.config, arrays, offset))

    def decode(self, token: nn.Tensor, offset: Any, arrays: list[nn.Tensor]) -> nn.Tensor:
        return self.next_word(token, InPlace(self.config, arrays, offset))


class PagedDecoder(Decoder):
    """Keys and values lie in pages of a ``PagedKVCache``; one decode serves several sequences.

    Args:
        target: for which the cache's own programs are made.
    """

    def __init__(self, config: Config, target: "tvm.target.Target"):
        super().__init__(config)
        self.target = target

    def prefill(self, tokens: nn.Tensor, state: PagedKVCache) -> tuple[nn.Tensor, PagedKVCache]:
        return self.next_word(tokens, Paged(self.config, state)), state

    def decode(self, tokens: nn.Tensor, state: PagedKVCache) -> tuple[nn.Tensor, PagedKVCache]:
        return self.next_word(tokens, Paged(self.config, state)), state

    def create_cache(
        self, max_batch_size: Any, max_total_seq_len: Any, prefill_chunk_size: Any, page_size: Any,
        support_sliding_window: Any,
    ) -> PagedKVCache:  # fmt: skip
        from tvm import relax

        c = self.config
        return TIRPagedKVCache(
            attn_kind="mha", max_batch_size=max_batch_size, max_total_seq_len=max_total_seq_len,
            prefill_chunk_size=prefill_chunk_size, page_size=page_size, support_sliding_window=support_sliding_window,
            layer_partition=relax.ShapeExpr([0, c.layers]), num_hidden_layers=c.layers, num_attention_heads=c.heads,
            num_key_value_heads=c.kv_heads, qk_head_dim=c.head_dim, v_head_dim=c.head_dim,
            mla_original_qk_head_dim=0, mla_original_v_head_dim=0, rope_mode=RopeMode.NORMAL, rope_scale=1,
            rope_theta=c.theta, rope_scaling={}, rope_ext_factors=relax.prim_value(0), rotary_dim=c.head_dim,
            enable_disaggregation=False, dtype="float32", target=self.target,
        )  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """A module with ``prefill`` and ``decode``, and the names of its weights in the order of the parameters.

    Attributes:
        module: functions whose attribute ``num_input`` says how many parameters come before the weights.
        names: keys of ``Config.shapes()``.
    """

    module: "tvm.IRModule"
    names: tuple[str, ...]


_MODES = {"param_mode": "plain", "effect_mode": "none"}


def _exported(decoder: Decoder, methods: dict[str, dict[str, Any]]) -> Exported:
    module, parameters = decoder.export_tvm({name: {"$": dict(_MODES), **inputs} for name, inputs in methods.items()})
    return Exported(module, tuple(name for name, _ in parameters))


@takes("Config")
def growing_decoder(config: Config) -> Exported:
    """``prefill(tokens, *weights)`` and ``decode(token, past, *weights)``: logits ``(1, 1, vocab)`` and keys and values.

    ``tokens (1, s)`` and ``token (1, 1)`` are int32; ``past`` is a tuple of two arrays a layer,
    ``(1, n, kv_heads, head_dim)`` float32.
    """
    c = config
    past = [spec.Tensor([1, "n", c.kv_heads, c.head_dim], "float32") for _ in range(2 * c.layers)]
    return _exported(
        GrowingDecoder(c),
        {
            "prefill": {"tokens": spec.Tensor([1, "s"], "int32")},
            "decode": {"token": spec.Tensor([1, 1], "int32"), "past": past},
        },
    )


@takes("Config")
def in_place_decoder(config: Config) -> Exported:
    """``prefill(tokens, offset, arrays, *weights)`` and ``decode(token, offset, arrays, *weights)``: logits.

    ``offset`` is a shape of one number, the position of the first token; each of ``arrays``, two a layer, is
    ``(1, rows, kv_heads, head_dim)`` float32 and is written.
    """
    c = config
    arrays = [spec.Tensor([1, "rows", c.kv_heads, c.head_dim], "float32") for _ in range(2 * c.layers)]
    return _exported(
        InPlaceDecoder(c),
        {
            "prefill": {"tokens": spec.Tensor([1, "s"], "int32"), "offset": int, "arrays": arrays},
            "decode": {"token": spec.Tensor([1, 1], "int32"), "offset": int, "arrays": arrays},
        },
    )


@takes("Config")
def paged_decoder(config: Config, target: "tvm.target.Target | None" = None) -> Exported:
    """``create_cache(…)``, ``prefill(tokens, cache, *weights)`` and ``decode(tokens, cache, *weights)``.

    ``decode`` takes one token a sequence, ``(b, 1)`` int32. ``paging.Pages`` calls them.

    Args:
        target: default: the native CPU.
    """
    from mlc_ref.targets import cpu_target

    cache = spec.Object(object_type=PagedKVCache)
    sizes = ("max_batch_size", "max_total_seq_len", "prefill_chunk_size", "page_size", "support_sliding_window")
    return _exported(
        PagedDecoder(config, target or cpu_target()),
        {
            "prefill": {"tokens": spec.Tensor([1, "s"], "int32"), "state": cache},
            "decode": {"tokens": spec.Tensor(["b", 1], "int32"), "state": cache},
            "create_cache": {**dict.fromkeys(sizes, int), "$": {"param_mode": "none", "effect_mode": "none"}},
        },
    )
