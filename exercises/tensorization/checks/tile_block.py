"""Checks of the item ``tile_block``: blockize a matmul."""

from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import listing, sites
from mlc_ref.language import Text
from mlc_ref.tensorization.exercise_inputs import programs


def _extents(regions):
    """Extents of each region, sizes of 1 left out."""
    return [[e for e in (constant(part.extent) for part in r.region) if e != 1] for r in regions]


tile_block = Task(
    "tile_block", kind="trace", title=Text("Blockize a matmul", "对矩阵乘法做 blockize"),
    module=lambda: programs.scores(36, 40, 48),
)  # fmt: skip


def _tile_site(sch):
    """The block whose axes run over 9 x 5 x 3 tiles."""
    for site in sites(sch):
        if site.kinds == "SSR" and [constant(a.dom.extent) for a in site.block.iter_vars] == [9, 5, 3]:
            return site
    raise CheckFailure(
        expected=Text("a block with axes SSR of 9, 5 and 3 tiles", "一个轴为 SSR、遍历 9、5、3 个分块的块"),
        found=Text.code(
            "; ".join(f"{s.name}: {s.kinds} {[constant(a.dom.extent) for a in s.block.iter_vars]}" for s in sites(sch))
        ),
        hint=Text(
            "Split all three loops, move the inner three inside, then blockize at the outermost of them.",
            "三层循环都拆分，把三层内循环移到里面，再在其中最外层处 blockize。",
        ),
    )


@tile_block.inspect("tiles", points=2, title=Text("a block of tiles", "以分块为单位的块"))
def _(sch):
    site = _tile_site(sch)
    found = [constant(loop.extent) or 0 for loop in site.loops]
    hint = Text("Three loops, one for each axis, and none besides.", "三层循环，每个轴一层，此外没有别的。")
    where = Text(f"loops around {site.name}", f"{site.name} 外面的循环")
    require(sorted(found) == [3, 5, 9], expected="9, 5, 3", found=str(found), where=where, hint=hint)


@tile_block.inspect("regions", points=2, title=Text("reads and writes of a tile", "分块的读写区域"))
def _(sch):
    block = _tile_site(sch).block
    hint = Text(
        "The block holds the inner loops: blockize at the outermost of them, after the reorder.",
        "块里是内层循环：重排之后，在其中最外层处 blockize。",
    )
    found = _extents(block.writes)
    require(found == [[4, 8]], expected="C 4 x 8", found=_shown_extents(found), where="T.writes", hint=hint)
    # An update whose initialization stands apart reads its own tile as well.
    own = block.writes[0].source
    found = sorted(_extents([region for region in block.reads if not region.source.same_as(own)]))
    right = found == [[4, 16], [8, 16]]
    require(right, expected="A 4 x 16, B 8 x 16", found=_shown_extents(found), where="T.reads", hint=hint)


def _shown_extents(extents):
    shown = [" x ".join(map(str, each)) for each in extents]
    return listing(shown) if all(shown) else Text("single elements", "单个元素")
