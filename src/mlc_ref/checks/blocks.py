"""Checks on blocks: how many, their axes, what they read, how a reduction starts, what was inlined or inserted."""

from collections.abc import Sequence

from tvm import tirx
from tvm.s_tir import SBlock, Schedule

from mlc_ref.checks.failure import CheckFailure, judging, require
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import kind_of, loops_of
from mlc_ref.checks.sites import (
    Selector,
    Site,
    Subject,
    function,
    listing,
    nodes,
    reducing,
    select,
    select_one,
    sites,
)
from mlc_ref.language import Text


@judging
def block_count(subject: Subject, count: int, *, entry: str = "main", hint: Text | None = None) -> None:
    """The function has exactly ``count`` blocks (without the root block).

    Raises:
        CheckFailure: it has another number; the message lists them.
    """
    names = [site.name for site in sites(subject, entry)]
    found = listing(names)
    wanted = Text(f"{count} blocks", f"{count} 个块")
    require(len(names) == count, expected=wanted, found=found, where=entry, hint=hint)


@judging
def axis_kinds(
    subject: Subject, block: Selector | None, kinds: str, *, entry: str = "main", hint: Text | None = None
) -> None:
    """The block's axes are of the stated kinds, in any order: ``"SSR"`` is two spatial, one reduction.

    Raises:
        CheckFailure: they are of other kinds.
    """
    site = select_one(subject, block, entry)
    agree = sorted(site.kinds) == sorted(kinds)
    require(agree, expected=kinds, found=site.kinds, where=_where(site), hint=hint)


@judging
def axis_extents(
    subject: Subject, block: Selector | None, extents: Sequence[int], *, entry: str = "main", hint: Text | None = None
) -> None:
    """The block's axes have the stated extents, in any order.

    Raises:
        CheckFailure: they have others.
    """
    site = select_one(subject, block, entry)
    found = [constant(axis.dom.extent) for axis in site.block.iter_vars]
    agree = sorted(map(str, found)) == sorted(map(str, extents))
    require(agree, expected=list(extents), found=found, where=_where(site), hint=hint)


@judging
def no_block(subject: Subject, block: Selector, *, entry: str = "main", hint: Text | None = None) -> None:
    """No block is meant by the selector: it was inlined, or never written.

    Raises:
        CheckFailure: there is such a block.
    """
    matching = [s.name for s in sites(subject, entry) if s.name == block or (callable(block) and block(s))]
    wanted = Text("no such block", "不应有这样的块")
    if isinstance(block, str):
        wanted = Text(f"no block {block}", f"不应有块 {block}")
    require(not matching, expected=wanted, found=listing(matching), where=entry, hint=hint)


@judging
def inlined(subject: Subject, buffer: str, *, entry: str = "main", hint: Text | None = None) -> None:
    """The intermediate ``buffer`` is gone: nothing allocates, reads or writes it.

    Raises:
        CheckFailure: it is still there; the message names the blocks that use it.
    """
    func = function(subject, entry)
    users = [s.name for s in sites(subject, entry) if buffer in {b.name for b in _touched(s)}]
    allocated = [b.name for site in nodes(func.body, SBlock) for b in site.alloc_buffers if b.name == buffer]
    wanted = Text(f"no buffer {buffer}", f"不应再有缓冲区 {buffer}")
    found = Text(f"used by {listing(users).en}", f"使用者：{listing(users).zh}")
    require(not users and not allocated, expected=wanted, found=found, where=entry, hint=hint)


def _touched(site: Site) -> list[tirx.Buffer]:
    return [region.source for region in (*site.block.reads, *site.block.writes)]


@judging
def has_init(
    subject: Subject, block: Selector | None = reducing, *, entry: str = "main", hint: Text | None = None
) -> None:
    """Every reduction selected still starts its result inside (``T.init``).

    Raises:
        CheckFailure: naming the first that does not.
    """
    for site in select(subject, block, entry):
        wanted = Text("T.init in the block", "块内有 T.init")
        found = Text("no T.init", "没有 T.init")
        require(site.block.init is not None, expected=wanted, found=found, where=_where(site), hint=hint)


@judging
def decomposed(
    subject: Subject, block: Selector | None = reducing, *, entry: str = "main", hint: Text | None = None
) -> None:
    """Every reduction selected starts its result in a block of its own that runs before it.

    The reduction has no ``T.init``, and an earlier block without reduction axes writes the same buffer
    without reading it.

    Raises:
        CheckFailure: naming the first reduction of which this is not true, and what is missing.
    """
    everything = sites(subject, entry)
    for site in select(subject, block, entry):
        wanted = Text("the initial value written by an earlier block", "初始值由前面的块写入")
        inside = Text("T.init inside the block", "初始值仍在块内（T.init）")
        writes_none = site.block.init is not None and not nodes(site.block.init, tirx.BufferStore)
        found = Text("T.init() that writes nothing", "T.init() 中没有写入") if writes_none else inside
        require(site.block.init is None, expected=wanted, found=found, where=_where(site), hint=hint)
        position = next(i for i, each in enumerate(everything) if each.realize.same_as(site.realize))
        starts = any(_starts(each, site) for each in everything[:position])
        missing = Text("no block that does", "没有这样的块")
        require(starts, expected=wanted, found=missing, where=_where(site), hint=hint)


def _starts(first: Site, update: Site) -> bool:
    if not update.written:
        return False
    target = update.written[0]
    writes = any(buffer.same_as(target) for buffer in first.written)
    reads = any(region.source.same_as(target) for region in first.block.reads)
    return writes and not reads and "R" not in first.kinds


@judging
def reads_buffers(
    subject: Subject, block: Selector | None, names: set[str], *, entry: str = "main", hint: Text | None = None
) -> None:
    """The block reads exactly the buffers named (what it updates in place not counted).

    Raises:
        CheckFailure: it reads others.
    """
    site = select_one(subject, block, entry)
    written = {str(buffer.name) for buffer in site.written}
    found = {str(region.source.name) for region in site.block.reads} - (written - names)
    require(found == names, expected=sorted(names), found=sorted(found), where=_where(site), hint=hint)


@judging
def annotated(
    subject: Subject,
    block: Selector | None,
    key: str,
    value: object = None,
    *,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """The block, or a loop around it, carries an annotation.

    Args:
        key: the annotation's name.
        value: its value; ``None`` accepts any.

    Raises:
        CheckFailure: there is none, or its value is another.
    """
    site = select_one(subject, block, entry)
    carriers = [site.block, *site.loops]
    found = [node.annotations[key] for node in carriers if key in node.annotations]
    wanted = key if value is None else f"{key} = {value}"
    right = bool(found) if value is None else any(_plain(each) == value for each in found)
    shown = listing([str(_plain(each)) for each in found])
    require(right, expected=wanted, found=shown, where=_where(site), hint=hint)


def _plain(value: object) -> object:
    number = constant(value)
    return (
        str(value) if number is None and not isinstance(value, int | float) else (value if number is None else number)
    )


@judging
def fused_epilogue(subject: Subject, *, entry: str = "main", hint: Text | None = None) -> None:
    """What follows each reduction runs inside its loops or inside the reduction: no second pass over the result.

    Each block that reads a reduction's buffer, other than the reduction itself, shares at least one
    loop with it.

    Raises:
        CheckFailure: naming the first block that makes a pass of its own.
    """
    everything = sites(subject, entry)
    for reduction in select(subject, reducing, entry):
        for site in everything:
            if site is reduction or site.realize.same_as(reduction.realize) or not _reads(site, reduction.written):
                continue
            ours, theirs = loops_of(site), loops_of(reduction)
            shares = bool(ours and theirs and ours[0].same_as(theirs[0]))
            wanted = Text(f"in the loops of block {reduction.name}", f"位于块 {reduction.name} 的循环中")
            found = Text("a loop nest of its own", "独立的循环嵌套")
            require(shares, expected=wanted, found=found, where=_where(site), hint=hint)


def _reads(site: Site, buffers: Sequence[tirx.Buffer]) -> bool:
    return any(region.source.same_as(b) for region in site.block.reads for b in buffers)


@judging
def bound_to_threads(
    subject: Subject, block: Selector | None, tags: set[str], *, entry: str = "main", hint: Text | None = None
) -> None:
    """Each selected block runs under loops bound to every thread axis named, such as ``threadIdx.x``.

    Raises:
        CheckFailure: naming the first block and the axes it has instead.
    """
    for site in select(subject, block, entry):
        found = {kind_of(loop) for loop in site.loops if loop.thread_binding is not None}
        require(tags <= found, expected=sorted(tags), found=listing(sorted(found)), where=_where(site), hint=hint)


def replays_on(schedule: object, subject: Subject) -> Schedule:
    """The schedule's steps, taken again on a fresh module: they are a trace, not an edited module.

    Returns:
        The new schedule.

    Raises:
        CheckFailure: ``schedule`` is no traced Schedule, or its steps do not apply to the module.
    """
    if not isinstance(schedule, Schedule) or schedule.trace is None:
        raise CheckFailure(
            expected=Text("a Schedule with a trace", "带有轨迹（trace）的 Schedule"), found=type(schedule).__name__
        )
    module = subject.mod if isinstance(subject, Schedule) else subject
    fresh = Schedule(module)
    try:
        schedule.trace.apply_to_schedule(fresh, remove_postproc=False)
    except Exception as error:
        raise CheckFailure(
            expected=Text("steps that apply to the given module", "能在给定模块上重放的步骤"),
            found=Text.english(str(error).strip().splitlines()[-1]),
        ) from error
    return fresh


def _where(site: Site) -> Text:
    return Text(f"block {site.name}", f"块 {site.name}")
