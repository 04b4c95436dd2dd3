"""What several items of the set share."""

from collections.abc import Callable

from mlc_ref.checks import arrays_match, require
from mlc_ref.checks.loops import describe, kind_of, loops_of
from mlc_ref.checks.sites import Site, listing, reducing, select, select_one, sites
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def expect(call, inputs, oracle):
    """Compare with the oracle, within the rounding of a sum of some thousand terms."""
    arrays_match(call(*inputs, out=[(oracle.shape, "float32")]), oracle.astype("float32"), rtol=1e-4, atol=1e-3)


DECOMPOSE = Text(
    "decompose_reduction(block, loop) writes the initial value before that loop: name the outermost loop of the sum.",
    "decompose_reduction(block, loop) 在该循环之前写入初始值：请指定求和的最外层循环。",
)


READ_NEST = Text(
    "Compare from the outside in, at the first loop that differs: its kind (parallel, vectorized), its axis, its length, its step.",
    "从外向内对照，找到第一层不同的循环：类型（parallel、vectorized）、轴、长度、步长。",
)


def wide(*arrays):
    return [array.astype("float64") for array in arrays]


def starting(sch) -> Callable[[Site], bool]:
    """Selects the blocks that write what the one reduction writes, without reducing."""
    target = select_one(sch, reducing).written[0]
    return lambda site: not reducing(site) and any(buffer.same_as(target) for buffer in site.written)


def following(sch) -> Callable[[Site], bool]:
    """Selects the blocks that read what the one reduction writes, without reducing or starting it."""
    target, start = select_one(sch, reducing).written[0], starting(sch)
    reads = lambda site: any(region.source.same_as(target) for region in site.block.reads)  # noqa: E731
    return lambda site: not reducing(site) and not start(site) and reads(site)


NO_COPY = Text(
    "cache_read and cache_write add a copy with loops of its own; this program is to have none.",
    "cache_read 和 cache_write 会增加带有自己循环的副本；这个程序不应有副本。",
)


def no_further_blocks(sch, count: int) -> None:
    """The program has ``count`` blocks, those that write the initial value of a reduction not counted."""
    everything = sites(sch)
    reductions = [site for site in everything if reducing(site)]
    starts = [
        site
        for site in everything
        if not reducing(site)
        and any(site.written[0].same_as(reduction.written[0]) for reduction in reductions)
        and not site.block.reads
    ]
    names = [site.name for site in everything if not any(site is start for start in starts)]
    wanted = Text(f"{count} blocks beside initial values", f"除初始值之外 {count} 个块")
    require(len(names) == count, expected=wanted, found=listing(names), hint=NO_COPY)


def only_one(sch, kind: str) -> None:
    """No block is under more than one loop of a kind."""
    for site in select(sch, None):
        found = [loop for loop in loops_of(site) if kind_of(loop) == kind]
        wanted = Text(f"one {kind} loop", f"一层 {kind} 循环")
        hint = Text("Loops that the task does not mention stay as they are.", "题目没有提到的循环保持原样。")
        require(len(found) <= 1, expected=wanted, found=describe(site), where=block(site), hint=hint)


def block(site) -> Text:
    return Text(f"block {site.name!r}", f"块 {site.name!r}")
