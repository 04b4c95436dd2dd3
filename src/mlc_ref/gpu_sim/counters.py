"""The numbers a simulation reports."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Counters:
    """Exact event counts, summed over all warps and blocks they belong to.

    Attributes:
        global_load_requests, global_store_requests: warp instructions that access global memory.
        global_load_sectors, global_store_sectors: 32-byte sectors those instructions ask for; caches are not modelled.
        global_load_bytes, global_store_bytes: 32 times the sectors.
        shared_load_requests, shared_store_requests: warp instructions that access shared memory.
        shared_load_conflicts, shared_store_conflicts: additional passes due to bank conflicts.
        barriers: barriers passed, one for each block.
        divergent_branches: warp-level branches that some active lanes take and others do not.
        flops: floating-point additions, subtractions, multiplications, divisions and function calls
            of active lanes; a multiply-add is two.
        matrix_instructions: matrix multiplications of warps.
        matrix_operations: multiplications and additions within them, of any type.
        shared_bytes_per_block: shared memory a block allocates.
        local_bytes_per_thread: local memory and fragments a thread holds, in registers if they suffice.
    """

    global_load_requests: int = 0
    global_load_sectors: int = 0
    global_load_bytes: int = 0
    global_store_requests: int = 0
    global_store_sectors: int = 0
    global_store_bytes: int = 0
    shared_load_requests: int = 0
    shared_load_conflicts: int = 0
    shared_store_requests: int = 0
    shared_store_conflicts: int = 0
    barriers: int = 0
    divergent_branches: int = 0
    flops: int = 0
    matrix_instructions: int = 0
    matrix_operations: int = 0
    shared_bytes_per_block: int = 0
    local_bytes_per_thread: int = 0

    def __add__(self, other: "Counters") -> "Counters":
        """Sums; of the two sizes the larger."""
        values = {}
        for name in NAMES:
            a, b = getattr(self, name), getattr(other, name)
            values[name] = max(a, b) if name in SIZES else a + b
        return Counters(**values)

    def __mul__(self, times: int) -> "Counters":
        """The events of ``times`` repetitions."""
        return Counters(**{n: getattr(self, n) * (1 if n in SIZES else times) for n in NAMES})

    @property
    def global_bytes(self) -> int:
        """Bytes from and to global memory."""
        return self.global_load_bytes + self.global_store_bytes

    @property
    def operations(self) -> int:
        """``flops`` and ``matrix_operations`` together."""
        return self.flops + self.matrix_operations

    @property
    def intensity(self) -> float:
        """Arithmetic intensity: operations for each byte from or to global memory."""
        return self.operations / self.global_bytes if self.global_bytes else float("inf")


NAMES = tuple(f.name for f in fields(Counters))
SIZES = ("shared_bytes_per_block", "local_bytes_per_thread")
