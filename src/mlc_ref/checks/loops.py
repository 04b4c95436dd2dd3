"""Checks on loops: their order, extents, kinds, what they move, and which blocks share them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import tvm_ffi
from tvm import tirx

from mlc_ref.checks.failure import CheckFailure, judging, require
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import Selector, Site, Subject, function, select, select_one
from mlc_ref.language import Text

_KINDS = {
    tirx.ForKind.SERIAL: "serial",
    tirx.ForKind.PARALLEL: "parallel",
    tirx.ForKind.VECTORIZED: "vectorized",
    tirx.ForKind.UNROLLED: "unrolled",
    tirx.ForKind.THREAD_BINDING: "thread",
}
KINDS = tuple(_KINDS.values())


def kind_of(loop: tirx.For) -> str:
    """``serial``, ``parallel``, ``vectorized``, ``unrolled``; for a bound loop its thread, such as ``blockIdx.x``."""
    if loop.thread_binding is not None:
        return str(loop.thread_binding.thread_tag)
    return _KINDS[tirx.ForKind(loop.kind)]


@dataclass(frozen=True)
class Loop:
    """A loop as a requirement states it; ``None`` means anything is accepted.

    Attributes:
        axis: position of the block axis it moves; a tuple for a fused loop that moves several.
        extent: number of iterations.
        kind: see ``kind_of``; ``thread`` accepts any thread.
        step: distance one iteration moves along its axis.
    """

    axis: int | tuple[int, ...] | None = None
    extent: int | None = None
    kind: str | None = None
    step: int | None = None

    def accepts(self, site: Site, loop: tirx.For) -> bool:
        """Whether ``loop``, one of those around ``site``, meets every part that is stated."""
        moved = site.movement(loop)
        axes = None if self.axis is None else {self.axis} if isinstance(self.axis, int) else set(self.axis)
        return (
            (axes is None or axes == set(moved))
            and self.extent in (None, constant(loop.extent))
            and (self.kind is None or self.kind == kind_of(loop) or (self.kind == "thread" and _is_bound(loop)))
            and (self.step is None or self.step in moved.values())
        )

    def __str__(self) -> str:
        axis = "" if self.axis is None else f"axis {self.axis} "
        step = "" if self.step is None else f" step {self.step}"
        return f"{self.kind or 'loop'} {axis}× {'any' if self.extent is None else self.extent}{step}"


def _is_bound(loop: tirx.For) -> bool:
    return loop.thread_binding is not None


def loops_of(site: Site) -> list[tirx.For]:
    """The loops around a block that run more than once, outermost first.

    Loops of one iteration are left out: they change nothing and appear and vanish with the way a
    schedule is written.
    """
    return [loop for loop in site.loops if constant(loop.extent) != 1]


@judging
def describe(site: Site) -> str:
    """The loops of a block on one line, such as ``parallel axis 0 × 8 > vectorized axis 1 × 16``."""
    return " > ".join(str(_as_loop(site, loop)) for loop in loops_of(site)) or "no loops"


def _as_loop(site: Site, loop: tirx.For) -> Loop:
    moved = site.movement(loop)
    axis = next(iter(moved)) if len(moved) == 1 else tuple(moved)
    step = moved[axis] if isinstance(axis, int) and moved[axis] != 1 else None
    return Loop(axis, constant(loop.extent), kind_of(loop), step)


@judging
def loop_nest(
    subject: Subject, block: Selector | None, expected: Sequence[Loop], *, entry: str = "main", hint: Text | None = None
) -> None:
    """The loops around a block are exactly ``expected``, outermost first (loops of one iteration aside).

    Raises:
        CheckFailure: the nest is another; both are shown whole.
    """
    site = select_one(subject, block, entry)
    found = loops_of(site)
    agree = len(found) == len(expected) and all(
        spec.accepts(site, loop) for spec, loop in zip(expected, found, strict=True)
    )
    wanted = " > ".join(map(str, expected))
    require(agree, expected=wanted, found=describe(site), where=_where(site), hint=hint)


@judging
def has_loop(
    subject: Subject,
    block: Selector | None,
    loop: Loop,
    *,
    place: Literal["anywhere", "outermost", "innermost"] = "anywhere",
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """Every block selected has a loop as described, at the stated place among its loops.

    Raises:
        CheckFailure: naming the first block without one.
    """
    for site in select(subject, block, entry):
        found = loops_of(site)
        candidates = {"anywhere": found, "outermost": found[:1], "innermost": found[-1:]}[place]
        if any(loop.accepts(site, each) for each in candidates):
            continue
        place_zh = {"anywhere": "任意位置", "outermost": "最外层", "innermost": "最内层"}[place]
        wanted = Text(f"{loop}, {place}", f"{loop}，{place_zh}")
        raise CheckFailure(expected=wanted, found=describe(site), where=_where(site), hint=hint)


@judging
def no_loop(
    subject: Subject, block: Selector | None, loop: Loop, *, entry: str = "main", hint: Text | None = None
) -> None:
    """No block selected has a loop as described.

    Raises:
        CheckFailure: naming the first block that has one.
    """
    for site in select(subject, block, entry):
        absent = not any(loop.accepts(site, each) for each in loops_of(site))
        wanted = Text(f"no {loop}", f"不应有 {loop}")
        require(absent, expected=wanted, found=describe(site), where=_where(site), hint=hint)


@judging
def extent_at_most(
    subject: Subject, block: Selector | None, kind: str, limit: int, *, entry: str = "main", hint: Text | None = None
) -> None:
    """The loops of a kind around each selected block together run at most ``limit`` times.

    Keeps unrolled code and vector lanes within what the hardware can hold.

    Raises:
        CheckFailure: their product is larger, or not known before the program runs.
    """
    for site in select(subject, block, entry):
        product = 1
        for loop in loops_of(site):
            if kind_of(loop) == kind:
                product *= constant(loop.extent) or limit + 1
        wanted = Text(f"at most {limit} iterations of {kind} loops", f"{kind} 循环总共至多 {limit} 次迭代")
        require(product <= limit, expected=wanted, found=product, where=_where(site), hint=hint)


@judging
def computed_at(
    subject: Subject,
    block: Selector,
    consumer: Selector,
    *,
    shared: int | None = None,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """Two blocks stand in one loop nest: they share loops.

    Args:
        block, consumer: one block each.
        shared: how many loops (of more than one iteration) they share exactly; ``None``: at least one.

    Raises:
        CheckFailure: they share none, or another number.
    """
    first, second = select_one(subject, block, entry), select_one(subject, consumer, entry)
    common = 0
    for a, b in zip(loops_of(first), loops_of(second), strict=False):
        if not a.same_as(b):
            break
        common += 1
    number = Text("at least one shared loop", "至少共享一层循环")
    if shared is not None:
        number = Text(f"{shared} shared loops", f"共享 {shared} 层循环")
    right = common >= 1 if shared is None else common == shared
    require(right, expected=number, found=common, where=f"{first.name}, {second.name}", hint=hint)


@judging
def same_structure(subject: Subject, reference: Subject, *, entry: str = "main", hint: Text | None = None) -> None:
    """The function is the reference, node by node, but for the names of variables, buffers and blocks.

    Use it where a whole program is prescribed. ``loop_nest`` says less and accepts more.

    Raises:
        CheckFailure: they differ; the message gives the path to the first difference.
    """
    found, expected = (_anonymous(function(each, entry)) for each in (subject, reference))
    if tvm_ffi.structural_equal(found, expected):
        return
    difference = tvm_ffi.get_first_structural_mismatch(found, expected)
    raise CheckFailure(
        expected=Text("the prescribed program", "规定的程序"),
        found=Text("a program with another structure", "结构不同的程序"),
        where=str(difference[0]) if difference else None,
        hint=hint,
    )


def _anonymous(func: tirx.PrimFunc) -> tirx.PrimFunc:
    return func.with_attr("global_symbol", "main")


def _where(site: Site) -> Text:
    return Text(f"block {site.name}", f"块 {site.name}")
