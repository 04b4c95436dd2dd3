"""Where a block stands: a TensorIR function seen as a list of blocks, each with the loops around it.

All TensorIR checks start here. They take a ``Subject``: an ``IRModule``, a ``PrimFunc`` or a
``Schedule``; and they find blocks through a ``Selector``: a name, or a function of a ``Site`` such
as ``reducing`` and ``writing(2)``, which do not depend on how the author named things.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import tvm_ffi
from tvm import IRModule, tirx
from tvm.s_tir import SBlock, SBlockRealize, Schedule

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.language import Text

Subject: TypeAlias = IRModule | tirx.PrimFunc | Schedule


_MANY = 4096  # iterations of a loop of unknown length that are looked at


@dataclass(frozen=True)
class Site:
    """One block with what encloses it.

    Attributes:
        realize: the block with the values its axes are bound to.
        loops: the loops around it, outermost first, across enclosing blocks.
        parents: the blocks around it, outermost first (without the root block).
    """

    realize: SBlockRealize
    loops: tuple[tirx.For, ...]
    parents: tuple[SBlockRealize, ...]

    @property
    def block(self) -> SBlock:
        return self.realize.block

    @property
    def name(self) -> str:
        return str(self.block.name_hint)

    @property
    def kinds(self) -> str:
        """One letter an axis: ``S`` spatial, ``R`` reduction, ``O`` anything else."""
        letters = {tirx.IterVar.DataPar: "S", tirx.IterVar.CommReduce: "R"}
        return "".join(letters.get(axis.iter_type, "O") for axis in self.block.iter_vars)

    @property
    def written(self) -> tuple[tirx.Buffer, ...]:
        """Buffers the block says it writes."""
        return tuple(region.source for region in self.block.writes)

    def movement(self, loop: tirx.For) -> dict[int, int]:
        """How one step of ``loop`` moves the block's axes.

        Returns:
            ``{axis position: distance of the first step}`` of every axis that moves while the loop
            runs through its range and all other loops stand at their first iteration. A loop that
            was fused from several moves several axes.
        """
        bindings = self._beginning()
        extent = constant(loop.extent) or min(max(int(evaluate(loop.extent, bindings)), 2), _MANY)
        bindings[loop.loop_var] = bindings[loop.loop_var] + np.arange(extent)
        for outer in self.parents:
            bindings |= _axis_values(outer, bindings)
        moved = {}
        for position, value in enumerate(_axis_values(self.realize, bindings).values()):
            track = np.broadcast_to(value, (extent,))
            if np.any(track != track[0]):
                moved[position] = int(track[1] - track[0])
        return moved

    def _beginning(self) -> dict[Any, Any]:
        """All loops at their first iteration; a size that is not known has some length, each its own."""
        bindings: dict[Any, Any] = {each.loop_var: constant(each.min) or 0 for each in self.loops}
        bound = {*bindings, *(axis.var for each in (*self.parents, self.realize) for axis in each.block.iter_vars)}
        stated = [
            [loop.extent for loop in self.loops],
            *(list(each.iter_values) for each in (*self.parents, self.realize)),
        ]
        unknown = [var for var in nodes(stated, tirx.Var) if var not in bound]
        return bindings | {var: 5 + 2 * n for n, var in enumerate(dict.fromkeys(unknown))}


Selector: TypeAlias = str | Callable[[Site], bool]


def _axis_values(realize: SBlockRealize, bindings: dict) -> dict:
    axes = realize.block.iter_vars
    return {axis.var: evaluate(value, bindings) for axis, value in zip(axes, realize.iter_values, strict=True)}


def function(subject: Subject, entry: str = "main") -> tirx.PrimFunc:
    """The TensorIR function a check looks at.

    Args:
        subject: a module, a schedule (its module), or the function itself.
        entry: the function's name in the module; a module with a single TensorIR function needs none.

    Raises:
        CheckFailure: something else was given, or the module has no such function.
    """
    if isinstance(subject, tirx.PrimFunc):
        return subject
    if not isinstance(subject, IRModule | Schedule):
        raise CheckFailure(
            expected=Text("an IRModule, PrimFunc or Schedule", "IRModule、PrimFunc 或 Schedule"),
            found=type(subject).__name__,
        )
    module = subject.mod if isinstance(subject, Schedule) else subject
    found = {v.name_hint: f for v, f in module.functions_items() if isinstance(f, tirx.PrimFunc)}
    if entry in found:
        return found[entry]
    if len(found) == 1 and entry == "main":
        return next(iter(found.values()))
    raise CheckFailure(
        expected=Text(f"a TensorIR function named {entry}", f"名为 {entry} 的 TensorIR 函数"),
        found=listing(sorted(found)),
    )


def listing(names: list[str]) -> Text:
    """Names joined by commas, or "none"."""
    return Text.code(", ".join(names)) if names else Text("none", "没有")


def sites(subject: Subject, entry: str = "main") -> list[Site]:
    """All blocks but the root, in the order of the program, enclosing blocks before inner ones."""
    found: list[Site] = []
    loops: list[tirx.For] = []
    parents: list[SBlockRealize] = []

    def at_loop(loop: tirx.For, visitor: Any) -> None:
        loops.append(loop)
        visitor.visit(loop.body)
        loops.pop()

    def at_block(realize: SBlockRealize, visitor: Any) -> None:
        found.append(Site(realize, tuple(loops), tuple(parents)))
        parents.append(realize)
        visitor.visit(realize.block.body)
        parents.pop()

    body = function(subject, entry).body
    inner = body.block.body if is_root(body) else body
    tvm_ffi.structural_visit(inner, [(tirx.For, at_loop), (SBlockRealize, at_block)])
    return found


def is_root(stmt: object) -> bool:
    """Whether a statement is the block without axes that TVM wraps around a function's body."""
    return isinstance(stmt, SBlockRealize) and not stmt.block.iter_vars and stmt.block.name_hint == "root"


def select(subject: Subject, selector: Selector | None = None, entry: str = "main") -> list[Site]:
    """The blocks a selector means; all innermost blocks without one.

    Raises:
        CheckFailure: there is none; the message lists the blocks there are.
    """
    everything = sites(subject, entry)
    inner = {id(parent) for site in everything for parent in site.parents}
    if selector is None:
        matching = [site for site in everything if id(site.realize) not in inner]
    elif isinstance(selector, str):
        matching = [site for site in everything if site.name == selector]
    else:
        matching = [site for site in everything if selector(site)]
    if not matching:
        raise CheckFailure(expected=_wanted(selector), found=listing([site.name for site in everything]), where=entry)
    return matching


def select_one(subject: Subject, selector: Selector | None = None, entry: str = "main") -> Site:
    """The one block a selector means.

    Raises:
        CheckFailure: there is none, or more than one.
    """
    matching = select(subject, selector, entry)
    if len(matching) == 1:
        return matching[0]
    wanted = _wanted(selector)
    raise CheckFailure(
        expected=Text(f"exactly one: {wanted.en}", f"恰好一个：{wanted.zh}"),
        found=listing([site.name for site in matching]),
        where=entry,
    )


def _wanted(selector: Selector | None) -> Text:
    if selector is None:
        return Text("a block", "一个块")
    if isinstance(selector, str):
        return Text(f"a block named {selector}", f"名为 {selector} 的块")
    return getattr(selector, "description", Text("a block with the stated property", "满足所述性质的块"))


@dataclass(frozen=True)
class _Described:
    """A predicate over sites that can say what it looks for."""

    description: Text
    holds: Callable[[Site], bool]

    def __call__(self, site: Site) -> bool:
        return self.holds(site)


reducing: Callable[[Site], bool] = _Described(
    Text("a block with a reduction axis", "带规约轴的块"), lambda s: "R" in s.kinds
)
"""Selects the blocks that have a reduction axis."""


def writing(subject: Subject, position: int, entry: str = "main") -> Selector:
    """Selects the blocks that write the parameter at ``position`` of the function (negative: from the end)."""
    parameter = function(subject, entry).params[position]
    description = Text(f"a block that writes {parameter.name}", f"写入 {parameter.name} 的块")
    return _Described(description, lambda site: any(buffer.same_as(parameter) for buffer in site.written))


def nodes(root: object, kind: type | tuple[type, ...]) -> list:
    """All nodes of a type at or below ``root``, in the order of the program."""
    found: list = []
    tvm_ffi.structural_walk(root, (kind, lambda node: found.append(node)), order="pre")
    return found
