"""Checks of the item ``describe``: describe an instruction."""

import tvm
from tvm import te, tirx
from tvm.ir import TensorLoad
from tvm.s_tir import SBlock, Schedule, TensorIntrin
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import function, listing, nodes, sites
from mlc_ref.language import Text

describe = Task("describe", kind="module", title=Text("Describe an instruction", "描述一条指令"))


_SMMLA = [("int8", [2, 8]), ("int8", [2, 8]), ("int32", [2, 2])]


@T.prim_func(s_tir=True)
def _smmla(a: T.handle, b: T.handle, c: T.handle):
    sa, sb, sc = T.int32(), T.int32(), T.int32()
    A = T.match_buffer(a, (2, 8), "int8", offset_factor=1, strides=[sa, 1])
    B = T.match_buffer(b, (2, 8), "int8", offset_factor=1, strides=[sb, 1])
    C = T.match_buffer(c, (2, 2), "int32", offset_factor=1, strides=[sc, 1])
    with T.sblock("root"):
        T.reads(C[0:2, 0:2], A[0:2, 0:8], B[0:2, 0:8])
        T.writes(C[0:2, 0:2])
        T.evaluate(T.call_extern("int32", "smmla", C.access_ptr("rw"), A.access_ptr("r"), B.access_ptr("r")))


def _buffers(mod):
    return [p for p in function(mod).params if tvm.tirx.is_buffer_var(p)]


_PARAMETERS = Text("parameters", "参数")


@describe.inspect("parameters", points=1, title=_PARAMETERS)
def _parameters(mod):
    found = [(str(b.dtype), [constant(s) for s in b.shape]) for b in _buffers(mod)]
    hint = Text("Three parameters T.Buffer((…), \"dtype\"), in the order A, B, C.",
                "三个参数 T.Buffer((…), \"dtype\")，依次为 A、B、C。")  # fmt: skip
    require(found == _SMMLA, expected=_shown(_SMMLA), found=_shown(found), hint=hint)


def _shown(parameters):
    return listing([f"{dtype}[{', '.join(map(str, shape))}]" for dtype, shape in parameters])


_REGIONS = Text("reads and writes", "读写区域")


@describe.inspect("regions", points=1, title=_REGIONS)
def _regions(mod):
    found = _buffers(mod)
    root = next(iter(nodes(function(mod).body, SBlock)), None)
    wanted = Text('a block: with T.sblock("root")', '一个块：with T.sblock("root")')
    hint = Text(
        "Around the loops stands a block without axes that states T.reads and T.writes.",
        "循环外面有一个没有轴的块，写明 T.reads 和 T.writes。",
    )
    require(root is not None, expected=wanted, found=Text("no block", "没有块"), hint=hint)
    assert root is not None, "required above"
    for wanted, regions, name in ((found, root.reads, "T.reads"), (found[-1:], root.writes, "T.writes")):
        names = sorted(str(r.source.name) for r in regions)
        full = sorted(str(b.name) for b in wanted)
        whole = all([constant(p.extent) for p in r.region] == [constant(s) for s in r.source.shape] for r in regions)
        require(
            len(regions) == len(wanted) and all(any(r.source.same_as(b) for r in regions) for b in wanted) and whole,
            expected=Text(f"all of {' and '.join(full)}", f"{'、'.join(full)} 的全部"),
            found=listing(names) if whole else Text("a part of a buffer", "只有缓冲区的一部分"),
            where=Text(f"outer block, {name}", f"外层块，{name}"),
            hint=hint,
        )


def _target():
    """A tiled product to which the instruction should apply, and the outermost loop of a tile."""
    A, B = te.placeholder((4, 16), "int8", name="A"), te.placeholder((6, 16), "int8", name="B")
    p = te.reduce_axis((0, 16), name="p")
    C = te.compute((4, 6), lambda i, j: te.sum(A[i, p].astype("int32") * B[j, p].astype("int32"), axis=p), name="C")
    sch = Schedule(te.create_prim_func([A, B, C]))
    pairs = [sch.split(loop, [None, size]) for loop, size in zip(sch.get_loops("C"), (2, 2, 8), strict=True)]
    sch.reorder(*(outer for outer, _ in pairs), *(inner for _, inner in pairs))
    sch.decompose_reduction("C", pairs[2][0])
    return sch, pairs[0][1]


def _fault(mod):
    """What is likely to keep the description from matching."""
    blocks = nodes(function(mod).body, SBlock)
    if any(block.init is not None for block in blocks):
        return Text("The instruction adds to what C holds: no T.init.", "指令会累加到 C 原有的值上：不要 T.init。")
    order = next(([region.source for region in block.reads] for block in blocks if not block.iter_vars), [])
    a, b, c = _buffers(mod)
    if len(order) != 3 or not all(source.same_as(each) for source, each in zip(order, (c, a, b), strict=True)):
        return Text("T.reads in the order C, A, B.", "T.reads 的顺序是 C、A、B。")
    inner = sites(mod)[-1]
    loops = [constant(loop.extent) for loop in inner.loops]
    moved = [list(inner.movement(loop)) for loop in inner.loops]
    if inner.kinds != "SSR" or loops != [2, 2, 8] or moved != [[0], [1], [2]]:
        return Text(
            "Three loops and three axes, both in the order i, j, p; the last axis is a reduction.",
            "三层循环、三个轴，顺序都是 i、j、p；最后一个轴是规约轴。",
        )
    return _formula_fault(inner, a, b, c)


_FORM = Text("The formula is C + A * B, with C on the left.", "公式是 C + A * B，C 在左边。")
_CASTS = Text("Each factor is cast to int32 before it is multiplied.", "每个因子先转成 int32，再相乘。")


def _formula_fault(inner, a, b, c):
    """What is wrong with ``C + A * B``."""
    value = next((store.value for store in nodes(inner.block.body, tirx.BufferStore)), None)
    if not isinstance(value, tirx.Add) or not nodes(value.a, TensorLoad) or nodes(value.a, tirx.Mul):
        return _FORM
    if not isinstance(value.b, tirx.Mul):
        return _CASTS if isinstance(value.b, tirx.Cast) else _FORM
    factors = [value.b.a, value.b.b]
    if not all(isinstance(each, tirx.Cast) for each in factors):
        return _CASTS
    i, j, p = (axis.var for axis in inner.block.iter_vars)
    loads = [value.a, *(each.value for each in factors)]
    for load, buffer, indices in zip(loads, (c, a, b), ((i, j), (i, p), (j, p)), strict=True):
        loaded = isinstance(load, TensorLoad) and load.source.same_as(buffer) and len(load.indices) == len(indices)
        if not loaded or not all(x.same_as(y) for x, y in zip(load.indices, indices, strict=True)):
            return Text("C[i, j], A[i, p] and B[j, p], in this order: B comes transposed.",
                        "依次是 C[i, j]、A[i, p]、B[j, p]：B 是转置的。")  # fmt: skip
    return None


def _needs(judge, mod, part):
    """An earlier part that is lost is the reason."""
    try:
        judge(mod)
    except CheckFailure as failure:
        told = Text("another one: the part “{part}” says why", "不一致：原因见“{part}”一项").format(part=part)
        raise CheckFailure(expected=_MATCH, found=told) from failure


_MATCH = Text("a match with the tiles of C = A @ B.T", "与 C = A @ B.T 的分块一致")


@describe.inspect("accepted", points=2, title=Text("tensorize accepts it", "tensorize 接受它"))
def _(mod):
    no_extern_calls(mod)
    _needs(_parameters, mod, _PARAMETERS)
    _needs(_regions, mod, _REGIONS)
    try:
        TensorIntrin.register("exercise_smmla", function(mod), _smmla, override=True)
        sch, loop = _target()
        sch.tensorize(loop, "exercise_smmla")
    except Exception as error:
        lines = str(error).strip().splitlines()
        said = next((line for line in lines if "mismatch" in line), lines[-1])[:300]
        found, hint = Text("another form", "另一种形式"), _fault(mod)
        if hint is None:
            found = Text(said, f"不一致，英文原文：{said}")
            hint = Text("offset_factor=1 for each buffer; the form is that of the chapter's mac_desc.",
                        "每个缓冲区都要 offset_factor=1；形式与本章的 mac_desc 相同。")  # fmt: skip
        raise CheckFailure(expected=_MATCH, found=found, hint=hint) from error
