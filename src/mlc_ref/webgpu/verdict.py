"""What the scores of a network that reads digits say, as the page says it (``chapters/_static/widgets/webgpu/digits.js``)."""

import numpy as np

DIGITS = 10
SURE = 0.8  # a smaller share of one digit is no answer; the same number stands in the page's code, and a test compares both


def verdict_of(scores: np.ndarray) -> int | None:
    """The digit, or None where none is certain enough.

    Args:
        scores: of the ten digits, and after them, if the network has one, the score of what is no digit at all.
    """
    powers = np.exp(scores - scores.max())
    best = int(powers.argmax())
    return best if best < DIGITS and powers[best] >= SURE * powers.sum() else None
