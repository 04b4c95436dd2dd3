"""Checks of the item ``describe``: describe an instruction."""

import tvm
from tvm import te
from tvm.s_tir import SBlock, Schedule, TensorIntrin
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import function, listing, nodes
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


@describe.inspect("parameters", points=1, title=Text("parameters", "参数"))
def _(mod):
    found = [(str(b.dtype), [constant(s) for s in b.shape]) for b in _buffers(mod)]
    hint = Text("Three parameters T.Buffer((…), \"dtype\"), in the order A, B, C.",
                "三个参数 T.Buffer((…), \"dtype\")，依次为 A、B、C。")  # fmt: skip
    require(found == _SMMLA, expected=str(_SMMLA), found=str(found), hint=hint)


@describe.inspect("regions", points=1, title=Text("reads and writes", "读写区域"))
def _(mod):
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
            where=f"root block, {name}",
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


@describe.inspect("accepted", points=2, title=Text("tensorize accepts it", "tensorize 接受它"))
def _(mod):
    no_extern_calls(mod)
    try:
        TensorIntrin.register("exercise_smmla", function(mod), _smmla, override=True)
        sch, loop = _target()
        sch.tensorize(loop, "exercise_smmla")
    except Exception as error:
        lines = str(error).strip().splitlines()
        raise CheckFailure(
            expected=Text("a match with the tiles of C = A @ B.T", "与 C = A @ B.T 的分块一致"),
            found=next((line for line in lines if "mismatch" in line), lines[-1])[:300],
            hint=Text(
                "No T.init; T.reads in the order C, A, B; offset_factor=1 for each buffer; factors cast before the product.",
                "不要 T.init；T.reads 的次序是 C、A、B；每个缓冲区都要 offset_factor=1；因子先转换类型再相乘。",
            ),
        ) from error
