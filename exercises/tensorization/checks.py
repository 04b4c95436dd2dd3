"""Checks and points of the exercises on tensorization."""

import numpy as np
import tvm
from tvm import te
from tvm.s_tir import SBlock, Schedule, TensorIntrin
from tvm.script import tirx as T
from tvm.tirx import BufferStore, For, IfThenElse, While

from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.checks.calls import called, external_calls, no_extern_calls
from mlc_ref.checks.counters import counter_at_most, counter_is, simulated
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import Loop, has_loop
from mlc_ref.checks.sites import function, listing, nodes, sites
from mlc_ref.gpu import codegen
from mlc_ref.gpu_sim import Options
from mlc_ref.language import Text
from mlc_ref.tensorization import intrinsics, microkernel, reference
from mlc_ref.tensorization.given import kernels, programs
from mlc_ref.tensorization.programs import toy

NUMBERS = Text("right numbers", "数值正确")
_ARITHMETIC = (tvm.tirx.Add, tvm.tirx.Sub, tvm.tirx.Mul, tvm.tirx.Div, tvm.tirx.Max, tvm.tirx.Min, tvm.tirx.FloorDiv)


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _expect(found, oracle, **options):
    arrays_match(found, oracle.astype("float32"), rtol=1e-4, atol=1e-3, **options)


def _tensorized(sch):
    """Names of the instructions in a schedule's trace."""
    return [str(getattr(i.attrs[0], "value", i.attrs[0])) for i in sch.trace.insts if i.kind.name == "Tensorize"]


def _times(site):
    return int(np.prod([constant(loop.extent) for loop in site.loops]))


def _extents(regions):
    """Extents of each region, sizes of 1 left out."""
    return [[e for e in (constant(part.extent) for part in r.region) if e != 1] for r in regions]


# describe -----------------------------------------------------------------------------------------

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
    return [p for p in function(mod).params if isinstance(p, tvm.tirx.Buffer)]


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


# blockize -----------------------------------------------------------------------------------------

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
    found = [constant(loop.extent) for loop in site.loops]
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


# toy accelerator ----------------------------------------------------------------------------------


def _batch():
    intrinsics.register_toy()
    return programs.batch(3, 8, 12, 16, microkernel.llvm_ir())


on_toy = Task(
    "on_toy", kind="trace", title=Text("Tensorize for the toy accelerator", "为玩具加速器张量化"), module=_batch
)
_TOY = [
    intrinsics.TOY_CLEAR,
    intrinsics.TOY_LOAD_A,
    intrinsics.TOY_LOAD_B,
    intrinsics.TOY_MAC_TILES,
    intrinsics.TOY_STORE,
]
_SCOPES = [toy.SCOPE_A, toy.SCOPE_B, toy.SCOPE_ACC]


def _all_instructions(sch):
    found = sorted(set(_tensorized(sch)))
    hint = Text("Each copy, the clearing and the product is tensorized with its own instruction.",
                "每个复制、清零和乘法都用各自的指令张量化。")  # fmt: skip
    require(found == sorted(_TOY), expected=listing(sorted(_TOY)), found=listing(found), hint=hint)
    relu = [constant(loop.extent) for site in sites(sch) if site.name == "relu" for loop in site.loops]
    hint_ = Text("The block `relu` and its three loops stay as they are.", "块 `relu` 和它的三层循环保持原样。")
    require(relu == [3, 8, 12], expected="relu: 3, 8, 12", found=f"relu: {', '.join(map(str, relu))}", hint=hint_)
    for site in sites(sch):
        require(
            site.name == "relu" or bool(called(_only(site))),
            expected=Text("an instruction in every block but relu", "除 relu 外每个块都是指令"),
            found=Text("loops over numbers", "对单个数的循环"),
            where=site.name,
            hint=hint,
        )


def _only(site):
    return tvm.tirx.PrimFunc([], site.block.body)


@on_toy.inspect("instructions", points=2, title=Text("all five instructions", "五条指令都用到"))
def _(sch):
    _all_instructions(sch)


@on_toy.inspect("memories", points=1, title=Text("one tile in each memory", "每块存储只放一个分块"))
def _(sch):
    transform = tvm.s_tir.transform
    passes = [transform.PlanAndUpdateBufferAllocationLocation(), transform.ConvertBlocksToOpaque()]
    mod = tvm.transform.Sequential([*passes, transform.CompactBufferAllocation()])(sch.mod)
    buffers = [b for block in nodes(function(mod).body, SBlock) for b in block.alloc_buffers if b.scope() in _SCOPES]
    found = {b.scope(): int(np.prod([constant(s) for s in b.shape])) for b in buffers}
    for scope in _SCOPES:
        hint = Text(
            "Move each copy to the loops over tiles: compute_at, reverse_compute_at.",
            "把每个复制移到分块循环处：compute_at、reverse_compute_at。",
        )
        require(
            found.get(scope) == 16,
            expected=Text("16 numbers", "16 个数"), found=str(found.get(scope)), where=scope, hint=hint,
        )  # fmt: skip


@on_toy.inspect(
    "counts", points=1,
    title=Text("72 multiplications, at most 72 loads of each operand, 18 clears and 18 stores",
               "相乘 72 次，每个操作数加载不超过 72 次，清零和写回各不超过 18 次"),
)  # fmt: skip
def _(sch):
    _all_instructions(sch)
    limits = {"toy_mac": 72, toy.SCOPE_A: 72, toy.SCOPE_B: 72, "toy_clear": 18, "global": 18}
    counts = dict.fromkeys(limits, 0)
    for site in sites(sch):
        names = [n for n in called(_only(site)) if n.startswith("toy_")]
        if names:
            counts[names[0] if names[0] != "toy_copy" else site.block.writes[0].source.scope()] += _times(site)
    hint = Text("The product has 3 · 2 · 3 · 4 tiles of 4 by 4 by 4.", "乘法有 3 · 2 · 3 · 4 个 4×4×4 的分块。")
    require(counts["toy_mac"] == 72, expected="72 toy_mac", found=counts["toy_mac"], hint=hint)
    hint = Text(
        "Operands are copied at the loop over tiles of p; clearing and storing stand outside of it.",
        "操作数在 p 的分块循环处复制；清零和写回在这层循环之外。",
    )
    for name, limit in limits.items():
        wanted = Text(f"at most {limit}", f"不超过 {limit}")
        require(counts[name] <= limit, expected=wanted, found=counts[name], where=name, hint=hint)


@on_toy.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    a, b = _normal(rng, 3, 8, 16), _normal(rng, 3, 16, 12)
    _expect(call(a, b, out=[((3, 8, 12), "float32")]), np.maximum(a.astype("float64") @ b, 0))


# micro-kernel -------------------------------------------------------------------------------------

_KERNEL = "rank2_4x8"
with_kernel = Task(
    "with_kernel",
    kind="program",
    title=Text("A micro-kernel in C", "用 C 写的微内核"),
    externs={_KERNEL: kernels.rank2_llvm()},
)


def _kernel_module(mod):
    """The module calls the micro-kernel, brings its code, and calls nothing else: only then may it run."""
    require(isinstance(mod, tvm.IRModule), expected="IRModule", found=type(mod).__name__)
    found = sorted(set(external_calls(mod)))
    require(
        found == ["pragma_import_llvm", _KERNEL],
        expected=listing(["pragma_import_llvm", _KERNEL]), found=listing(found),
        hint=Text("Annotate a loop: sch.annotate(loop, \"pragma_import_llvm\", kernels.rank2_llvm()).",
                  "给一个循环加注解：sch.annotate(loop, \"pragma_import_llvm\", kernels.rank2_llvm())。"),
    )  # fmt: skip
    holders = nodes(function(mod).body, (SBlock, For))
    texts = {
        str(getattr(v, "value", v)) for h in holders for k, v in h.annotations.items() if k == "pragma_import_llvm"
    }
    require(
        texts == {kernels.rank2_llvm()}, expected="kernels.rank2_llvm()", found=Text("another text", "别的文本"),
        where="pragma_import_llvm",
    )  # fmt: skip
    return mod


_ALLOWED = {_KERNEL, "tirx.tvm_access_ptr", "tirx.type_annotation", "tirx.buffer_data", "tirx.address_of",
            "prim.if_then_else", "prim.likely"}  # fmt: skip
_BY_KERNEL = Text(
    "All products and sums are the micro-kernel's: besides its calls there is the initial zero, and copies if you like.",
    "乘法和求和全部由微内核完成：除了对它的调用，只有初始的零，需要时还可以有复制。",
)


def _no_arithmetic(mod):
    """Outside of the micro-kernel, numbers are set or copied, never computed."""
    func = function(mod)
    others = sorted(set(called(func)) - _ALLOWED)
    require(not others, expected=_KERNEL, found=listing(others), hint=_BY_KERNEL)
    for store in nodes(func.body, BufferStore):
        found = [n for n in nodes(store.value, _ARITHMETIC) if "float" in str(n.ty)]
        require(
            not found,
            expected=Text("no arithmetic outside of the micro-kernel", "微内核之外没有算术运算"),
            found=Text.code(f"{store.buffer.name}[…] = {str(store.value).strip().splitlines()[-1][:80]}"),
            hint=_BY_KERNEL,
        )


def _unconditional(mod):
    """No call of the micro-kernel is one that may not happen."""
    func = function(mod)
    branches = [n for n in nodes(func.body, (IfThenElse, While)) if nodes(n, BufferStore) or _calls_kernel(n)]
    guards = [s.name for s in sites(mod) if constant(s.realize.predicate) != 1]
    wanted = Text("calls without a condition", "没有条件的调用")
    hint = Text(
        "The sizes are multiples of the tile: no condition is needed.", "各长度都是分块的整数倍：不需要任何条件。"
    )
    found = listing([type(n).__name__ for n in branches] + guards)
    require(not branches and not guards, expected=wanted, found=found, hint=hint)


def _calls_kernel(node):
    return _KERNEL in called(tvm.tirx.PrimFunc([], node if isinstance(node, tvm.tirx.Stmt) else node.body))


def _kernel_sizes(rng, count):
    """The sizes of the prompt, the smallest, and some that nobody knows."""
    drawn = [tuple(unit * int(rng.integers(1, 9)) for unit in (4, 8, 2)) for _ in range(count)]
    return [(8, 24, 6), (4, 8, 2), *drawn]


@with_kernel.run("structure", points=2, title=Text("one call for each tile", "每个分块一次调用"))
def _(call, rng):
    for n, m, k in _kernel_sizes(rng, int(rng.integers(2, 5))):
        mod = _kernel_module(call(n, m, k))
        _no_arithmetic(mod)
        _unconditional(mod)
        updates = [s for s in sites(mod) if _KERNEL in called(_only(s))]
        inner = {id(parent) for site in updates for parent in site.parents}
        tiles = n // 4, m // 8, k // 2
        total = sum(_times(s) for s in updates if id(s.realize) not in inner)
        hint = Text("Split by 4, 8 and 2, and tensorize the outermost of the inner loops.",
                    "按 4、8、2 拆分，在内层循环的最外层处张量化。")  # fmt: skip
        wanted = f"{' x '.join(map(str, tiles))} = {np.prod(tiles)}"
        require(total == np.prod(tiles), expected=wanted, found=total, where=f"n, m, k = {n, m, k}", hint=hint)


def _kernel_hint(found, a, b):
    """What is likely wrong, told from the numbers that came out."""
    if not np.isfinite(found).all():
        return Text(
            "Some elements of C were never set: start each sum from zero.", "C 的有些元素从未赋值：每个和都从零开始。"
        )
    if not found.any():
        return Text("C is all zeros: is C the first address of the call?", "C 全是零：调用的第一个地址是 C 吗？")
    return Text("Does the call pass the strides in the order sc, sa, sb?", "调用时步幅的次序是 sc、sa、sb 吗？")


@with_kernel.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for n, m, k in _kernel_sizes(rng, int(rng.integers(2, 4)))[1:]:
        mod = _kernel_module(call(n, m, k))
        a, b = _normal(rng, n, k), _normal(rng, k, m)
        found = call.module(mod, a, b, out=[((n, m), "float32")])
        _expect(found, reference.matmul(a, b), where=f"n, m, k = {n, m, k}", hint=_kernel_hint(found, a, b))


# int8 ---------------------------------------------------------------------------------------------


def _scores8():
    kernels.register_dot()
    return programs.scores(5, 40, 30, "uint8", "int8", "int32")


dot8 = Task(
    "dot8", kind="trace", title=Text("int8 with a dot-product instruction", "用点积指令做 int8 乘法"), module=_scores8
)


@dot8.inspect("instruction", points=2, title=Text("every product by the instruction", "乘积全部由指令计算"))
def _(sch):
    found = _tensorized(sch)
    hint = Text(
        "One tensorize, of the loops of 16 lanes and 4 steps.", "只做一次张量化，对象是 16 个通道、4 步的循环。"
    )
    require(found == [kernels.DOT], expected=kernels.DOT, found=listing(found), hint=hint)
    updates = [s for s in sites(sch) if "R" in s.kinds]
    total = sum(map(_times, updates))
    right = len(updates) == 1 and total == 5 * 3 * 8
    hint = Text("Pad to 48 and 32, then split by 16 and 4.", "填充到 48 和 32，再按 16 和 4 拆分。")
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
    hint = Text("parallel, on the first loop around the block that sums.", "对求和块的最外层循环用 parallel。")
    has_loop(sch, lambda s: "R" in s.kinds, Loop(kind="parallel"), place="outermost", hint=hint)


@dot8.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    a, b = rng.integers(0, 256, (5, 30), "uint8"), rng.integers(-128, 128, (40, 30), "int8")
    a[0], b[0] = 255, -128
    hint = Text("Does the layout of B keep the order inside of a panel: lane, then step?",
                "B 的布局在面板内是否先通道、后步？")  # fmt: skip
    arrays_match(call(a, b, out=[((5, 40), "int32")]), reference.matmul_int(a, b.T), hint=hint)


# Tensor Cores -------------------------------------------------------------------------------------


def _half():
    intrinsics.register_wmma()
    return programs.half_batch(2, 64, 96, 32)


cores = Task("cores", kind="trace", title=Text("A Tensor Core schedule", "张量核心的调度"), module=_half)
_OPTIONS = Options(step_limit=300_000)


def _simulate(sch):
    rng = np.random.default_rng()
    a, b = (rng.random(shape).astype("float16") for shape in ((2, 64, 32), (2, 32, 96)))
    return a, b, simulated(sch.mod, [a, b], [((2, 64, 96), "float32")], options=_OPTIONS)


@cores.inspect("cuda", points=2, title=Text("CUDA text with the matrix instructions", "CUDA 文本里有矩阵指令"))
def _(sch):
    try:
        source = codegen.kernel_source(sch.mod)
    except Exception as error:
        hint = Text(
            "Bind the outer loops and tensorize all five kinds of blocks.", "绑定外层循环，并对五种块都做张量化。"
        )
        found = str(error).strip().splitlines()[-1][:200]
        raise CheckFailure(expected=Text("CUDA text", "CUDA 文本"), found=found, hint=hint) from error
    for name in ("fill_fragment", "load_matrix_sync", "mma_sync", "store_matrix_sync"):
        require(
            f"wmma::{name}" in source,
            expected=f"wmma::{name}",
            found=Text("CUDA text without it", "CUDA 文本里没有"),
            hint=Text("Which block is not tensorized yet?", "哪个块还没有张量化？"),
        )


@cores.inspect(
    "counters", points=2, title=Text("96 matrix instructions and no flops", "矩阵指令 96 条，普通浮点运算 0 次")
)
def _(sch):
    result = _simulate(sch)[2]
    hint = Text("2 · 4 · 6 · 2 tiles of 16 by 16 by 16, all of them by WMMA_MMA.",
                "2 · 4 · 6 · 2 个 16×16×16 的分块，全部用 WMMA_MMA。")  # fmt: skip
    counter_is(result, "matrix_instructions", 96, hint=hint)
    counter_is(result, "flops", 0, hint=hint)


@cores.inspect("traffic", points=1, title=Text("at most 2,000 global load sectors", "全局内存加载扇区不超过 2,000"))
def _(sch):
    result = _simulate(sch)[2]
    counter_is(result, "matrix_instructions", 96)
    hint = Text(
        "Let several warps of a block share what is in shared memory: a larger tile for each block.",
        "让线程块的几个线程束共用共享内存里的数据：每个线程块取更大的分块。",
    )
    counter_at_most(result, "global_load_sectors", 2000, hint=hint)


@cores.inspect("numbers", points=1, title=NUMBERS)
def _(sch):
    a, b, result = _simulate(sch)
    _expect(result.outputs[0], a.astype("float64") @ b)


TASKS = [describe, tile_block, on_toy, with_kernel, dot8, cores]
