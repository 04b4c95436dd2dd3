"""The sizes of a decoder, and the names and shapes of its weights: the same for PyTorch, NumPy and Relax."""

from dataclasses import dataclass

from mlc_ref.language_models.tokens import vocabulary


@dataclass(frozen=True)
class Config:
    """Sizes of a decoder with rotary positions, grouped queries and SwiGLU.

    Attributes:
        vocab: number of words.
        dim: length of the vector of one position.
        layers: number of blocks.
        heads, kv_heads: query heads, and heads of keys and values, each shared by ``group`` query heads.
        head_dim: length of a query, key or value.
        ffn: width of the feed-forward part.
        theta: base of the rotary angles.
        eps: added to the mean square in RMSNorm.
        length: longest text, in words: a little more than the longest rows of training have.
    """

    vocab: int
    dim: int = 128
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 32
    ffn: int = 352
    theta: int = 1000
    eps: float = 1e-5
    length: int = 112

    @property
    def group(self) -> int:
        """Query heads that share a head of keys and values."""
        return self.heads // self.kv_heads

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all weights, in the order in which they are used; a matrix is ``(outputs, inputs)``."""
        c = self
        found: dict[str, tuple[int, ...]] = {"embed.weight": (c.vocab, c.dim)}
        for layer in range(c.layers):
            found |= {
                f"blocks.{layer}.{name}.weight": shape
                for name, shape in (
                    ("norm1", (c.dim,)),
                    ("qkv", ((c.heads + 2 * c.kv_heads) * c.head_dim, c.dim)),
                    ("out", (c.dim, c.heads * c.head_dim)),
                    ("norm2", (c.dim,)),
                    ("gate_up", (2 * c.ffn, c.dim)),
                    ("down", (c.dim, c.ffn)),
                )
            }
        return found | {"norm.weight": (c.dim,), "head.weight": (c.vocab, c.dim)}


def story_config() -> Config:
    """The decoder that is trained on the course's stories."""
    return Config(len(vocabulary()))


SMALL = Config(
    vocab=40, dim=32, layers=2, heads=4, kv_heads=2, head_dim=8, ffn=48, length=48
)  # for tests and exercises
