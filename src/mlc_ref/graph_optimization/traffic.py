"""Bytes of intermediate values, counted: what fusion is for.

A value between two calls is written to memory and read back. A buffer inside a tensor program is, too,
if it is as large as the value; once the loops are merged, it holds what one iteration needs.
"""

from dataclasses import dataclass

import tvm
from tvm import relax, tirx

from mlc_ref.checks.memory import allocated_bytes
from mlc_ref.checks.planning import intermediate_bytes
from mlc_ref.end_to_end.graph import callees
from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text, for_print

_COUNTED = Text(
    "{calls} calls, {between} bytes between them, {inside} bytes inside",
    "{calls} 次调用，调用之间 {between} 字节，程序内部 {inside} 字节",
)


@dataclass(frozen=True)
class Intermediates:
    """Bytes a graph holds besides its parameters, constants and results.

    Attributes:
        calls: how many calls its function makes.
        between: bytes of the values from one call to another.
        inside: bytes of the buffers that the called tensor programs allocate, each call by itself.
    """

    calls: int
    between: int
    inside: int

    @property
    def total(self) -> int:
        return self.between + self.inside

    def __str__(self) -> str:
        """The numbers with their units, in the reader's language."""
        return for_print(_COUNTED.format(calls=self.calls, between=self.between, inside=self.inside))


@takes("IRModule")
def intermediates(mod: tvm.IRModule, entry: str = "main") -> Intermediates:
    """Count the intermediate values of the function ``entry``.

    Raises:
        ValueError: a shape is symbolic; bind it first with ``relax.transform.BindSymbolicVars``.
    """
    programs = {var.name_hint: f for var, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)}
    names = callees(mod, entry)
    inside = sum(allocated_bytes(programs[name]) for name in names if name in programs)
    return Intermediates(len(names), intermediate_bytes(mod, entry), inside)


@takes("IRModule")
def bound(mod: tvm.IRModule, entry: str = "main", **extents: int) -> tvm.IRModule:
    """The module with symbolic extents of ``entry`` given: ``bound(mod, n=4)``.

    Raises:
        ValueError: the function has no such symbolic extent.
    """
    symbols = {var.name for var in relax.analysis.defined_symbolic_vars(mod[entry])}
    for name in extents:
        if name not in symbols:
            raise ValueError(refused("extents", repr(name), ", ".join(sorted(symbols)) or Text("none", "（没有）")))
    return relax.transform.BindSymbolicVars(extents, entry)(mod)
