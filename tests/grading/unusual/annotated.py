"""With types, defaults and a docstring."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
def double(x: np.ndarray, /, *, factor: int = 2) -> np.ndarray:
    """Twice the array."""
    assert isinstance(x, np.ndarray)
    return np.multiply(x, x.dtype.type(factor))
