"""Checks of the item ``dot8``: int8 with a dot-product instruction."""

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import kind_of, loops_of
from mlc_ref.checks.sites import listing, reducing, select, sites
from mlc_ref.language import Text
from mlc_ref.tensorization import reference
from mlc_ref.tensorization.exercise_inputs import kernels, programs

from .shared import NUMBERS, tensorized, times


def _scores8():
    kernels.register_dot()
    return programs.scores(5, 40, 30, "uint8", "int8", "int32")


dot8 = Task(
    "dot8", kind="trace", title=Text("int8 with a dot-product instruction", "用点积指令做 int8 乘法"), module=_scores8
)


@dot8.inspect("instruction", points=2, title=Text("every product by the instruction", "乘积全部由指令计算"))
def _(sch):
    found = tensorized(sch)
    hint = Text(
        "One tensorize, of the loops of 16 lanes and 4 steps.", "只做一次张量化，对象是 16 个通道、4 步的循环。"
    )
    require(found == [kernels.DOT], expected=kernels.DOT, found=listing(found), hint=hint)
    updates = [s for s in sites(sch) if "R" in s.kinds]
    total = sum(map(times, updates))
    right = len(updates) == 1 and total == 5 * 3 * 8
    hint = Text(
        "How many panels of 16 rows has B once 40 is padded, and how many groups of four steps have 30?",
        "40 填充之后，B 有多少个 16 行的面板？30 步有多少组四步？",
    )
    require(right, expected="5 x 3 x 8 = 120", found=total, where=listing([s.name for s in updates]), hint=hint)
    shapes = [[constant(e) for e in r.source.shape][-2:] for r in updates[0].block.reads if r.source.dtype == "int8"]
    require(
        shapes == [[16, 4]],
        expected=Text(
            "16 lanes of 4 bytes of B in 64 neighbouring bytes", "B 的 16 个通道、每个 4 字节，位于相邻的 64 个字节"
        ),
        found=Text(f"rows of {shapes[0][-1]} bytes", f"每行 {shapes[0][-1]} 字节") if shapes else None,
        hint=Text(
            "Pack B before tensorizing: cache_read, transform_layout.",
            "张量化之前先打包 B：cache_read、transform_layout。",
        ),
    )


@dot8.inspect("parallel", points=1, title=Text("a parallel outermost loop", "最外层循环并行"))
def _(sch):
    for site in select(sch, reducing):
        first = next(iter(loops_of(site)), None)
        kind = Text("no loop", "没有循环") if first is None else Text.code(kind_of(first))
        require(
            first is not None and kind_of(first) == "parallel",
            expected=Text("a parallel loop outermost", "最外层是并行循环"),
            found=kind,
            where=Text(f"loops around {site.name}", f"{site.name} 外面的循环"),
            hint=Text("It is the first loop around the block that sums.", "指的是求和块外面的第一层循环。"),
        )


@dot8.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    a, b = rng.integers(0, 256, (5, 30), "uint8"), rng.integers(-128, 128, (40, 30), "int8")
    a[0], b[0] = 255, -128
    hint = Text("Does the layout of B keep the order inside of a panel: lane, then step?",
                "B 的布局在面板内是否先通道、后步？")  # fmt: skip
    arrays_match(call(a, b, out=[((5, 40), "int32")]), reference.matmul_int(a, b.T), hint=hint)
