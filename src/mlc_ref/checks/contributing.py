"""Checks on the blocks of which the result is made: what computes nothing that is used counts for nothing."""

from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.ir import TensorLoad
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.failure import CheckFailure, judging, require
from mlc_ref.checks.sites import Site, Subject, function, nodes, sites
from mlc_ref.language import Text

AXES = Text(
    "Inside a block use its axes, not the loops around it: vi, vj = T.axis.remap(…), and then A[vi, vj].",
    "块内使用块轴，而不是外面的循环变量：先写 vi, vj = T.axis.remap(…)，再写 A[vi, vj]。",
)
ONE_PLACE = Text(
    "What is summed or maximized over is a reduction axis of the block, not written out term by term.",
    "求和或求最大值所沿的轴应当是块的规约轴，而不是逐项写出来。",
)


def contributing(subject: Subject, entry: str = "main") -> list[Site]:
    """The blocks whose results reach a parameter of the function, in the order of the program.

    A block that only fills a buffer nobody reads for that is left out. What a block reads and writes is taken
    from its statements, not from what it declares.
    """
    everything, needed = sites(subject, entry), list(function(subject, entry).params)
    alive: list[Site] = []
    changed = True
    while changed:
        changed = False
        for site in everything:
            if any(site is each for each in alive) or not _meet(_stored(site), needed):
                continue
            alive.append(site)
            needed += [load.source for load in _nodes(site, TensorLoad)]
            changed = True
    return [site for site in everything if any(site is each for each in alive)]


@judging
def computes_by_axes(subject: Subject, *, entry: str = "main") -> None:
    """Every block that contributes works on one point of its axes, and nothing is computed outside of blocks.

    * No store stands outside of a block, and no loop inside of one that holds no other blocks.
    * Indices and values are made of the block's own axes, not of the loops around it.
    * Each buffer is read and written at one place: a sum is not written out term by term. (An initial value may
      come from another.)

    Raises:
        CheckFailure: naming the first block of which this is not true.
    """
    outside = _stores_outside(function(subject, entry))
    in_a_block = Text("every store in a block", "每次写入都在块中")
    require(not outside, expected=in_a_block, found=Text.code("".join(outside[:1])), where=entry, hint=AXES)
    for site in contributing(subject, entry):
        if nodes(site.block.body, SBlockRealize):
            continue
        where = Text(f"block {site.name!r}", f"块 {site.name!r}")
        loops = [loop.loop_var.name for loop in nodes(site.block.body, tirx.For)]
        wanted = Text("no loop inside the block", "块内没有循环")
        require(not loops, expected=wanted, found=_loops(loops), where=where, hint=AXES)
        around = {loop.loop_var: loop.loop_var.name for loop in site.loops}
        used = sorted({around[v] for v in _nodes(site, tirx.Var) if v in around})
        wanted = Text("a block that uses its own axes", "只使用自己的轴的块")
        require(not used, expected=wanted, found=_loops(used), where=where, hint=AXES)
        _one_place(site, where)


def _loops(names: list[str]) -> Text:
    listed = ", ".join(map(str, names))
    return Text(f"loop variable {listed}", f"循环变量 {listed}")


def _one_place(site: Site, where: Text) -> None:
    body = site.block.body
    places = [(load.source, load.indices) for load in nodes(body, TensorLoad)]
    places += [(store.buffer, store.indices) for store in nodes(body, tirx.BufferStore)]
    for number, (buffer, indices) in enumerate(places):
        for other, others in places[:number]:
            if buffer.same_as(other) and not tvm_ffi.structural_equal(list(indices), list(others)):
                first, second = (f"{buffer.name}[{', '.join(map(_shown, each))}]" for each in (others, indices))
                raise CheckFailure(
                    expected=Text(
                        f"{buffer.name} at one place in each iteration", f"每次迭代只访问 {buffer.name} 的一处"
                    ),
                    found=Text(f"{first} and {second}", f"{first} 和 {second}"),
                    where=where,
                    hint=ONE_PLACE,
                )


def _shown(index: Any) -> str:
    """The expression alone, without the definitions that the printer puts before it."""
    return str(index).splitlines()[-1]


def _nodes(site: Site, kind: type) -> list:
    """Nodes of the block's body and of its initial value, if it has one."""
    return [each for root in (site.block.init, site.block.body) if root is not None for each in nodes(root, kind)]


def _stored(site: Site) -> list[tirx.Buffer]:
    return [store.buffer for store in _nodes(site, tirx.BufferStore)]


def _meet(some: list, others: list) -> bool:
    return any(one.same_as(other) for one in some for other in others)


def _stores_outside(func: tirx.PrimFunc) -> list[str]:
    """Stores that stand in no block but the root, or beside the blocks of another."""
    found: list[str] = []

    def at_block(realize: SBlockRealize, visitor: Any) -> None:
        if nodes(realize.block.body, SBlockRealize):
            visitor.visit(realize.block.body)

    def at_store(store: tirx.BufferStore, _visitor: Any) -> None:
        found.append(str(store).strip().splitlines()[-1])

    def at_root(root: Any) -> None:
        tvm_ffi.structural_visit(root, [(SBlockRealize, at_block), (tirx.BufferStore, at_store)])

    body = func.body
    at_root(body.block.body if isinstance(body, SBlockRealize) and body.block.name_hint == "root" else body)
    return found
