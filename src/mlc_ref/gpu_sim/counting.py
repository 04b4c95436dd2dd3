"""What one warp access costs: sectors of global memory, wavefronts of shared memory.

The model and its sources are in this folder's README. Both functions take byte addresses of shape
``(..., 32)``, one for each lane of a warp, and which lanes take part.
"""

import numpy as np

SECTOR = 32  # bytes
BANKS = 32
BANK_BYTES = 4


def sectors(addresses: np.ndarray, active: np.ndarray) -> int:
    """Distinct 32-byte sectors, summed over the warps.

    Each lane's access must lie within one sector, which an aligned access of at most 16 bytes does.
    """
    return int(_distinct(np.where(active, addresses // SECTOR, -1)).sum())


def wavefronts(addresses: np.ndarray, active: np.ndarray, width: int, *, atomic: bool = False) -> tuple[int, int]:
    """Passes that shared memory needs, and how many of them are due to bank conflicts.

    Args:
        width: bytes each lane accesses. Up to 4: the whole warp at once; 8: a half warp at a time;
            16: a quarter warp at a time.
        atomic: the lanes update their words, one after the other where they meet in one.

    Returns:
        ``(passes, conflicts)``, summed over the warps. One group of lanes needs as many passes as
        the most loaded bank has distinct words (atomic: lanes); all but the first are conflicts.
    """
    groups = max(1, width // BANK_BYTES)
    words = max(1, width // BANK_BYTES)
    lanes = np.arange(words) * BANK_BYTES + addresses[..., None]
    touched = np.where(active[..., None], lanes // BANK_BYTES, -1)
    touched = touched.reshape(-1, addresses.shape[-1] // groups * words)
    passes = _busiest_bank(touched, atomic)
    return int(passes.sum()), int(np.maximum(passes - 1, 0).sum())


def _distinct(values: np.ndarray) -> np.ndarray:
    """Number of distinct values that are not -1 along the last axis."""
    ordered = np.sort(values, axis=-1)
    first = np.concatenate([ordered[..., :1] >= 0, ordered[..., 1:] != ordered[..., :-1]], axis=-1)
    return (first & (ordered >= 0)).sum(-1)


def _busiest_bank(words: np.ndarray, repeated: bool = False) -> np.ndarray:
    """For each row of word numbers (-1: none), the largest number of distinct words (``repeated``: of words) in one bank."""
    ordered = np.sort(words, axis=-1)
    first = (
        np.ones_like(ordered, bool)
        if repeated
        else np.concatenate([np.ones_like(ordered[:, :1], bool), ordered[:, 1:] != ordered[:, :-1]], axis=-1)
    )
    rows, columns = np.nonzero(first & (ordered >= 0))
    cells = rows * BANKS + ordered[rows, columns] % BANKS
    return np.bincount(cells, minlength=len(words) * BANKS).reshape(-1, BANKS).max(-1)
