"""The decoder in PyTorch: RMSNorm, rotary positions, grouped-query attention, SwiGLU. It is trained here.

Positions are turned by RoPE (J. Su et al., *RoFormer*, 2021), in the pairs ``(i, i + head_dim / 2)``; query heads share
keys and values (J. Ainslie et al., *GQA*, 2023); the feed-forward part is SwiGLU (N. Shazeer, *GLU Variants Improve
Transformer*, 2020). Nothing else of the package imports PyTorch when it is loaded.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from mlc_ref.kinds import takes
from mlc_ref.language_models.config import Config

Cache = list[tuple[torch.Tensor, torch.Tensor]]


class RMSNorm(nn.Module):
    """``x`` over the root of its mean square, times a weight: ``(..., dim)``."""

    def __init__(self, config: Config):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config.dim))
        self.eps = config.eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def rope(x: torch.Tensor, offset: int, theta: float) -> torch.Tensor:
    """Turn the pairs ``(i, i + half)`` of ``x`` ``(batch, length, heads, head_dim)``; the first row stands at ``offset``."""
    half = x.shape[-1] // 2
    frequency = torch.exp(torch.arange(half, dtype=torch.float32) * (-math.log(theta) / half))
    angle = (torch.arange(x.shape[1], dtype=torch.float32) + offset)[:, None] * frequency
    cos, sin = angle.cos()[:, None, :], angle.sin()[:, None, :]
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Block(nn.Module):
    """Attention and the feed-forward part, each added to its input."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = c = config
        self.norm1, self.norm2 = RMSNorm(c), RMSNorm(c)
        self.qkv = nn.Linear(c.dim, (c.heads + 2 * c.kv_heads) * c.head_dim, bias=False)
        self.out = nn.Linear(c.heads * c.head_dim, c.dim, bias=False)
        self.gate_up = nn.Linear(c.dim, 2 * c.ffn, bias=False)
        self.down = nn.Linear(c.ffn, c.dim, bias=False)

    def forward(
        self, x: torch.Tensor, past: tuple[torch.Tensor, torch.Tensor] | None
    ) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
        c, (batch, length, _) = self.config, x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, length, c.heads + 2 * c.kv_heads, c.head_dim)
        offset = 0 if past is None else past[0].shape[1]
        q = rope(qkv[:, :, : c.heads], offset, c.theta)
        k = rope(qkv[:, :, c.heads : c.heads + c.kv_heads], offset, c.theta)
        v = qkv[:, :, c.heads + c.kv_heads :]
        if past is not None:
            k, v = torch.cat([past[0], k], 1), torch.cat([past[1], v], 1)
        mixed = F.scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), is_causal=past is None, enable_gqa=True
        )
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, c.heads * c.head_dim))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up), (k, v)


class Decoder(nn.Module):
    """Words to logits of the next word."""

    def __init__(self, config: Config):
        super().__init__()
        self.embed = nn.Embedding(config.vocab, config.dim)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config)
        self.head = nn.Linear(config.dim, config.vocab, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """``(batch, length)`` int64 to logits ``(batch, length, vocab)``."""
        return self.step(tokens, None)[0]

    def step(self, tokens: torch.Tensor, past: Cache | None) -> tuple[torch.Tensor, Cache]:
        """Logits of the tokens and the keys and values of all positions; with ``past``, one token a sequence.

        Args:
            past: what the step before returned; each key and value ``(batch, positions, kv_heads, head_dim)``.
        """
        x, cache = self.embed(tokens), []
        for layer, block in enumerate(self.blocks):
            x, kv = block(x, None if past is None else past[layer])
            cache.append(kv)
        return self.head(self.norm(x)), cache


@takes("Config")
def initialized(config: Config, seed: int) -> Decoder:
    """A decoder to train: random matrices of deviation 0.02, smaller where a block adds to its input; embeddings of 0.5.

    Small embeddings of words that stand in the same places, such as colours, grow alike before anything tells them apart,
    and are never told apart. A head that is the embedding has the same fault. The random state of the process stays.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Decoder(config)
        for name, parameter in model.named_parameters():
            if parameter.ndim == 2:
                added = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * config.layers) if added else 0.02)
        nn.init.normal_(model.embed.weight, std=0.5)
    return model
