"""One row of the per-statement table: a statement and what happened in it that is no access."""

from collections import Counter
from typing import Any

from mlc_ref.gpu_sim.lanes import Mask


class Row:
    """One statement of the program and the events that are not accesses, by mask."""

    def __init__(self, stmt: Any):
        self.stmt = stmt
        self.events: Counter[tuple[str, Mask]] = Counter()

    @property
    def statement(self) -> str:
        """The statement as TVMScript prints it, on one line, without the declarations of its names."""
        lines = [line for line in str(self.stmt).splitlines() if line and not line.startswith("#")]
        heads = ("for ", "while ", "if ")
        start = next((line for line in lines if line.startswith(heads)), None)
        return (start or lines[-1]).strip()
