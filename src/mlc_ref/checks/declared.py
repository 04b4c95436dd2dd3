"""Checks that blocks say what they do: costs are computed from what they declare."""

from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.ir import TensorLoad, TensorRegion
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.failure import CheckFailure, judging, require
from mlc_ref.checks.sites import Site, Subject, function, nodes, sites
from mlc_ref.language import Text


@judging
def stores_in_blocks(subject: Subject, *, loads: int, entry: str = "main", hint: Text | None = None) -> None:
    """Every store stands in a block of its own, without loops, which declares each element it reads and writes.

    Args:
        loads: how many elements a block may read at most, so that no loop hides in a long expression.

    Raises:
        CheckFailure: naming the first block that does more, or something else than it declares.
    """
    outside = _stores_outside(function(subject, entry))
    wanted = Text("every store in a block", "每次写入都在块中")
    require(not outside, expected=wanted, found="".join(map(str, outside[:1])).strip(), where=entry, hint=hint)
    for site in sites(subject, entry):
        if not _is_leaf(site.realize):
            continue
        body = site.block.body
        one = len(nodes(body, tirx.BufferStore)) == 1 and not nodes(body, (tirx.For, tirx.While))
        where = Text(f"block {site.name}", f"块 {site.name}")
        wanted = Text("one store, and no loop inside the block", "块内一次写入，没有循环")
        require(one, expected=wanted, found=str(body).strip()[:200], where=where, hint=hint)
        read = nodes(body, TensorLoad)
        wanted = Text(f"at most {loads} elements read", f"至多读取 {loads} 个元素")
        require(len(read) <= loads, expected=wanted, found=len(read), where=where, hint=hint)
        _declares(site, read, where, hint)


def _stores_outside(func: tirx.PrimFunc) -> list[tirx.BufferStore]:
    """Stores that stand in no block but the root, or beside the blocks of another."""
    found: list[tirx.BufferStore] = []

    def at_block(realize: SBlockRealize, visitor: Any) -> None:
        if not _is_leaf(realize):
            visitor.visit(realize.block.body)

    def at_store(store: tirx.BufferStore, _visitor: Any) -> None:
        found.append(store)

    tvm_ffi.structural_visit(func.body, [(SBlockRealize, at_block), (tirx.BufferStore, at_store)])
    return found


def _is_leaf(realize: SBlockRealize) -> bool:
    return not nodes(realize.block.body, SBlockRealize)


def _declares(site: Site, read: list[TensorLoad], where: Text, hint: Text | None) -> None:
    (store,) = nodes(site.block.body, tirx.BufferStore)
    reads, writes = list(site.block.reads), list(site.block.writes)
    # A reduction reads what it writes; where it also starts it, TVM does not list that among what it reads.
    wrong = [load for load in read if not any(_is(r, load.source, load.indices) for r in [*reads, *writes])]
    if not wrong and any(_is(r, store.buffer, store.indices) for r in writes):
        return
    touched = wrong[0] if wrong else store
    raise CheckFailure(
        expected=Text("T.reads and T.writes as the block reads and writes", "T.reads 与 T.writes 和块的读写一致"),
        found=str(touched).strip(),
        where=where,
        hint=hint,
    )


def _is(region: TensorRegion, buffer: Any, indices: Any) -> bool:
    """Whether a declared region is this one element."""
    pairs = zip(region.region, indices, strict=True)
    return region.source.same_as(buffer) and all(
        int(r.extent) == 1 and tvm_ffi.structural_equal(r.min, i) for r, i in pairs
    )
