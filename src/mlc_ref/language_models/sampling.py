"""The next word from logits: the most likely one, or one drawn by a given random number, by temperature and top-p.

The random numbers are arguments: the same numbers give the same text here, in an exercise, and on another device.
"""

import numpy as np

from mlc_ref.kinds import refused
from mlc_ref.language import Text

_TEMPERATURE = Text("a finite number from 0", "不小于 0 的有限数")
_TOP_P = Text("above 0, at most 1", "大于 0，至多 1")
_UNIFORM = Text("one number from 0 up to, not including, 1 for each row", "每行一个数，从 0 起，小于 1")


def uniform_numbers(seed: int, count: int) -> np.ndarray:
    """``count`` float64 numbers from 0 up to 1, always the same for a seed."""
    return np.random.default_rng(seed).random(count)


def shares(logits: np.ndarray, temperature: float = 1.0, top_p: float = 1.0) -> np.ndarray:
    """The probability of each word, ``(rows, vocab)`` float64.

    A temperature below 1 makes likely words likelier; at 0 the most likely one has all. Of the words, sorted by
    probability, only the first whose sum reaches ``top_p`` are kept (A. Holtzman et al., *The Curious Case of Neural
    Text Degeneration*, ICLR 2020).

    Args:
        logits: ``(rows, vocab)``.

    Raises:
        ValueError: a temperature below 0 or a ``top_p`` outside of (0, 1].
    """
    if not 0 <= temperature < np.inf:
        raise ValueError(refused("temperature", repr(temperature), _TEMPERATURE))
    if not 0 < top_p <= 1:
        raise ValueError(refused("top_p", repr(top_p), _TOP_P))
    logits = np.asarray(logits, "float64")
    if temperature == 0:
        return np.eye(logits.shape[1])[logits.argmax(-1)]
    weights = np.exp((logits - logits.max(-1, keepdims=True)) / temperature)
    found = weights / weights.sum(-1, keepdims=True)
    order = np.argsort(-found, axis=-1, kind="stable")
    ranked = np.take_along_axis(found, order, -1)
    # What the words before it have: below top_p the word is still needed.
    ranked = np.where(ranked.cumsum(-1) - ranked < top_p, ranked, 0)
    np.put_along_axis(found, order, ranked, -1)
    return found / found.sum(-1, keepdims=True)


def sample(logits: np.ndarray, uniform: np.ndarray, temperature: float = 1.0, top_p: float = 1.0) -> np.ndarray:
    """One word a row: the one in whose share of the sum, in the order of the vocabulary, the random number falls.

    Args:
        logits: ``(rows, vocab)``.
        uniform: ``(rows,)``, from 0 up to 1; without effect at temperature 0.

    Returns:
        ``(rows,)`` int64.

    Raises:
        ValueError: as ``shares``; random numbers outside of the range, or not one a row.
    """
    numbers = np.asarray(uniform, "float64")
    if numbers.shape != np.shape(logits)[:1] or not np.all((numbers >= 0) & (numbers < 1)):
        raise ValueError(refused("uniform", repr(uniform), _UNIFORM))
    ends = shares(logits, temperature, top_p).cumsum(-1)
    # Rounding may leave the last end a little off 1; and a word without a share is never taken: its end is the one before.
    return (ends <= numbers[:, None] * ends[:, -1:]).sum(-1)
