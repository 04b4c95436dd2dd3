"""Which kernels one call of a compiled graph runs, how often, and how long they take."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text

if TYPE_CHECKING:
    from tvm import relax

_FROM_1 = Text("1 and above", "1 及以上")


@dataclass(frozen=True)
class KernelTime:
    """What the calls of one function cost.

    Attributes:
        name: of a tensor program, or of a function of the runtime, such as ``vm.builtin.alloc_tensor``.
        calls: in one run.
        seconds: of all its calls in one run, the mean of the runs. The hook that takes them is in them, which counts
            for functions that do almost nothing.
    """

    name: str
    calls: int
    seconds: float

    @property
    def is_builtin(self) -> bool:
        """Whether it belongs to the virtual machine and not to the module."""
        return self.name.startswith("vm.builtin.")


@takes("VirtualMachine")
def kernel_times(machine: "relax.VirtualMachine", run: Callable[[], Any], runs: int = 3) -> list[KernelTime]:
    """Calls and time of every function that the machine calls during ``run``, the longest first.

    Args:
        machine: on which ``run`` works.
        run: for example one step of a decoder; it is called once before, to warm up.
        runs: how often it is measured.

    Raises:
        ValueError: ``runs`` is less than 1.
    """
    if runs < 1:
        raise ValueError(refused("runs", str(runs), _FROM_1))
    calls: dict[str, int] = {}
    seconds: dict[str, float] = {}
    started: list[float] = []

    def hook(function: Any, name: str, before: bool, result: Any, *arguments: Any) -> int:
        if before:
            started.append(time.perf_counter())
        else:
            calls[name] = calls.get(name, 0) + 1
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started.pop()
        return 0  # go on; other numbers make the machine leave the call out

    run()
    machine.set_instrument(hook)
    try:
        for _ in range(runs):
            run()
    finally:
        machine.set_instrument(lambda *arguments: 0)  # the machine has no way to take a hook off
    found = [KernelTime(name, count // runs, seconds[name] / runs) for name, count in calls.items()]
    return sorted(found, key=lambda each: -each.seconds)
