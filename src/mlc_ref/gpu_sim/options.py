"""What a simulation checks and how long it may take."""

from dataclasses import dataclass

from mlc_ref.kinds import invalid


@dataclass(frozen=True)
class Options:
    """Options of a simulation; the defaults are strict. Bounds and alignment are always checked.

    Attributes:
        uninitialized: stop when an element that nothing has written decides a result.
        races: stop at two unordered accesses to one element of which one is a write.
        insert_barriers: run the barriers that ``ThreadSync`` inserts; ``False`` leaves them out, to see what they prevent.
        step_limit: statements that may run, each counted once for all threads of a pass.
        memory_limit: bytes of simulated memory of one block, and of one pass over several blocks.
        threads_per_pass: threads that run in lock-step; a larger grid runs in several passes.
    """

    uninitialized: bool = True
    races: bool = True
    insert_barriers: bool = True
    step_limit: int = 5_000_000
    memory_limit: int = 1 << 30
    threads_per_pass: int = 1 << 16

    def __post_init__(self) -> None:
        for name in ("step_limit", "memory_limit", "threads_per_pass"):
            if getattr(self, name) < 1:
                raise invalid(
                    f"{name}: got {getattr(self, name)}, at least 1 is allowed",
                    f"{name}：得到 {getattr(self, name)}，允许的是不小于 1 的数",
                )
