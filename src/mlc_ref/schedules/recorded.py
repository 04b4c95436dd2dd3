"""The ladder as it was measured once, at a size too large for a cell: ``benchmarks/ladder.py`` writes the record."""

import json
from dataclasses import dataclass
from pathlib import Path

_RECORD = Path(__file__).parent / "records" / "ladder.json"


@dataclass(frozen=True)
class RecordedLadder:
    """What was measured, and on what.

    Attributes:
        size: rows and columns of the matrices.
        machine: the processor, its caches, the date.
        gflops: for each version of ``LADDER`` the floating-point operations, in 10**9 a second, on one thread.
    """

    size: int
    machine: str
    gflops: dict[str, float]


def recorded_ladder() -> RecordedLadder:
    """The record that the course ships."""
    record = json.loads(_RECORD.read_text("utf-8"))
    machine = record["machine"]
    caches = f"{machine['l1_bytes'] // 1024} KiB L1 and {machine['l2_bytes'] // 1024} KiB L2 a core"
    about = f"{machine['processor']}, {machine['vector_bits']}-bit vectors, {caches}, {machine['date']}"
    return RecordedLadder(record["size"], about, record["gflops"])
