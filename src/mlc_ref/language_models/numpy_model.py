"""The decoder in NumPy, in float64: what PyTorch and the compiled graphs are compared with."""

from collections.abc import Mapping, Sequence

import numpy as np

from mlc_ref.kinds import takes
from mlc_ref.language_models.config import Config
from mlc_ref.tensor_programs.reference import softmax


def rms_norm(x: np.ndarray, weight: np.ndarray, eps: float) -> np.ndarray:
    """``x`` over the root of its mean square, times a weight, along the last axis."""
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * weight


def rope(x: np.ndarray, positions: np.ndarray, theta: float) -> np.ndarray:
    """Turn the pairs ``(i, i + half)`` of every vector by its position.

    Args:
        x: ``(length, heads, head_dim)``.
        positions: ``(length,)``.
    """
    half = x.shape[-1] // 2
    angle = positions[:, None] * np.exp(np.arange(half) * (-np.log(theta) / half))
    cos, sin = np.cos(angle)[:, None, :], np.sin(angle)[:, None, :]
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)


def attention(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Causal attention of grouped queries: each looks at the keys up to its own position.

    Args:
        q: ``(length, heads, head_dim)``: the last ``length`` of all positions.
        k, v: ``(positions, kv_heads, head_dim)``.

    Returns:
        ``(length, heads, head_dim)``.
    """
    length, heads, head_dim = q.shape
    positions, kv_heads, _ = k.shape
    grouped = q.reshape(length, kv_heads, heads // kv_heads, head_dim)
    scores = np.einsum("skgd,tkd->skgt", grouped, k) / np.sqrt(head_dim)
    hidden = np.arange(positions) > np.arange(positions - length, positions)[:, None]
    scores = np.where(hidden[:, None, None, :], -np.inf, scores)
    return np.einsum("skgt,tkd->skgd", softmax(scores), v).reshape(length, heads, head_dim)


@takes("Config")
def logits(config: Config, weights: Mapping[str, np.ndarray], tokens: Sequence[int] | np.ndarray) -> np.ndarray:
    """Logits ``(length, vocab)`` float64 after each word of one text.

    Args:
        weights: arrays of the names and shapes of ``config.shapes()``.
        tokens: numbers of the words, ``(length,)``.
    """
    c, w = config, {name: np.asarray(array, "float64") for name, array in weights.items()}
    x = w["embed.weight"][np.asarray(tokens)]
    positions = np.arange(len(x))
    for layer in range(c.layers):
        part = {
            name: w[f"blocks.{layer}.{name}.weight"] for name in ("norm1", "qkv", "out", "norm2", "gate_up", "down")
        }
        qkv = (rms_norm(x, part["norm1"], c.eps) @ part["qkv"].T).reshape(len(x), -1, c.head_dim)
        q, k, v = np.split(qkv, [c.heads, c.heads + c.kv_heads], axis=1)
        mixed = attention(rope(q, positions, c.theta), rope(k, positions, c.theta), v)
        x = x + mixed.reshape(len(x), -1) @ part["out"].T
        gate, up = np.split(rms_norm(x, part["norm2"], c.eps) @ part["gate_up"].T, 2, axis=-1)
        x = x + (gate / (1 + np.exp(-gate)) * up) @ part["down"].T
    return rms_norm(x, w["norm.weight"], c.eps) @ w["head.weight"].T


@takes("Config")
def random_weights(config: Config, seed: int) -> dict[str, np.ndarray]:
    """Float32 weights of every shape, of a size at which logits are about 1 and every part of the network matters."""
    rng = np.random.default_rng(seed)
    return {
        name: (
            1 + 0.2 * rng.standard_normal(shape) if len(shape) == 1 else rng.standard_normal(shape) / shape[1] ** 0.5
        ).astype("float32")
        for name, shape in config.shapes().items()
    }
