"""Checks and points of the exercises on tensor programs."""

import numpy as np
from tvm import te, tirx

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.contributing import computes_by_axes, contributing
from mlc_ref.checks.equivalence import same_signature, written_parameters
from mlc_ref.checks.sites import function, listing, nodes, reducing, select, sites
from mlc_ref.harness import error_bound
from mlc_ref.language import Text
from mlc_ref.tensor_programs import reference
from mlc_ref.tensor_programs.axes import check_axes, check_domains, check_kinds

STRUCTURE = Text("blocks and parameters", "块与参数")
NUMBERS = Text("right numbers", "数值正确")
_START = Text(
    "Give the reduction its first value with T.init(), or in a block that runs before it.",
    "用 T.init() 给规约一个初始值，或在它之前用另一个块写入初始值。",
)


def _parameters(inputs, output):
    """A function that has only the right parameters: shapes of the inputs, then of the output, all float32."""
    arrays = [te.placeholder(shape, name=f"p{n}") for n, shape in enumerate(inputs)]
    return te.create_prim_func([*arrays, te.compute(output, lambda *_: tirx.const(0.0, "float32"), name="out")])


def _initialized(mod):
    """Every reduction starts from a value: in its own T.init, or in an earlier block."""
    for site in select(mod, reducing):
        if site.block.init is None or not nodes(site.block.init, tirx.BufferStore):
            decomposed(mod, lambda s, update=site.realize: s.realize.same_as(update), hint=_START)


_BLOCKS = Text(
    "The computation stands in a block, with T.sblock(name):, whose axes are bound to the loops.",
    "计算写在块中（with T.sblock(名字):），块轴绑定到循环。",
)
_REDUCTIONS = Text(
    "An axis over which a sum or a maximum runs is a reduction axis of its block: R in T.axis.remap.",
    "求和或求最大值所沿的轴，是块的规约轴：在 T.axis.remap 中写作 R。",
)


def _at_least(found, number, what, hint):
    require(
        len(found) >= number,
        expected=Text(f"{what.en}: at least {number}", f"{what.zh}：至少 {number} 个"),
        found=len(found),
        hint=hint,
    )


def _writes_its_output_only(mod):
    func = function(mod)
    stored = [func.params[position].name for position in written_parameters(func)]
    last = func.params[len(func.params) - 1].name
    hint = Text(
        "Inputs belong to the caller. Put intermediate values into a buffer of your own (T.sblock_alloc_buffer).",
        "输入归调用者所有。中间结果请放在自己分配的缓冲区里（T.sblock_alloc_buffer）。",
    )
    wanted = Text(f"no parameter but {last} written", f"只写入参数 {last}")
    require(stored == [last], expected=wanted, found=listing(stored), where="main", hint=hint)


def _blocks(mod, inputs, output, *, reductions=0, blocks=1):
    """Parameters as stated, and enough blocks that the output is made of, each working by its axes."""
    same_signature(mod, _parameters(inputs, output))
    no_extern_calls(mod)
    computes_by_axes(mod)
    used = contributing(mod)
    _at_least(used, blocks, Text("blocks that the output is made of", "对输出有贡献的块"), _BLOCKS)
    reduced = [site for site in used if reducing(site)]
    what = Text("blocks with a reduction axis that the output is made of", "对输出有贡献的、带规约轴的块")
    _at_least(reduced, reductions, what, _REDUCTIONS)


def _structure(mod, inputs, output, *, reductions=0, blocks=1):
    same_signature(mod, _parameters(inputs, output))
    no_extern_calls(mod)
    _at_least(sites(mod), blocks, Text("blocks", "块"), _BLOCKS)
    _writes_its_output_only(mod)
    _blocks(mod, inputs, output, reductions=reductions, blocks=blocks)
    check_axes(mod)
    if reductions:
        _initialized(mod)


def _normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _scales(rng):
    """Factors of secret inputs: about 1, very small and very large."""
    return [1.0, float(10 ** rng.uniform(-12, -6)), float(10 ** rng.uniform(6, 12))]


_NAN = Text(
    "nan: the element was never written, or a reduction began with what lay in memory. Outputs hold nan before the call.",
    "nan：该元素从未写入，或规约是从内存中原有的内容开始的。调用之前输出中全是 nan。",
)


def _expect(call, inputs, expected, *, hint=None, **options):
    oracle = expected.astype("float32")
    found = call(*inputs, out=[(oracle.shape, "float32")])
    hint = hint or (_NAN if np.isnan(found).any() else None)
    options = {"rtol": 1e-4, "atol": 1e-5 * float(np.abs(oracle).max())} | options
    arrays_match(found, oracle, hint=hint, **options)


broadcast_add = Task("broadcast_add", kind="module", title=Text("Broadcast addition", "广播加法"))


@broadcast_add.inspect("structure", points=1, title=STRUCTURE)
def _(mod):
    _structure(mod, [(3, 1, 4), (5, 1)], (3, 5, 4))


@broadcast_add.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for scale in _scales(rng):
        a, b = _normal(rng, 3, 1, 4) * np.float32(scale), _normal(rng, 5, 1) * np.float32(scale)
        _expect(call, [a, b], a.astype("float64") + b)


repair_axes = Task("repair_axes", kind="module", title=Text("Repair the axes", "修复块轴"))
_REPAIR_INPUTS = [(5, 7), (7,)]


@repair_axes.inspect("kinds", points=1, title=Text("kinds of the axes", "轴的类型"))
def _(mod):
    _blocks(mod, _REPAIR_INPUTS, (5,), reductions=1)
    check_kinds(mod)


@repair_axes.inspect("domains", points=1, title=Text("domains of the axes", "轴的定义域"))
def _(mod):
    same_signature(mod, _parameters(_REPAIR_INPUTS, (5,)))
    no_extern_calls(mod)
    _at_least(sites(mod), 1, Text("blocks", "块"), _BLOCKS)
    check_domains(mod)


@repair_axes.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for scale in _scales(rng):
        a, w = _normal(rng, 5, 7) * np.float32(scale), _normal(rng, 7)
        _expect(call, [a, w], reference.weighted_row_sum(a, w))


conv2d_stride = Task("conv2d_stride", kind="module", title=Text("Convolution with stride", "带步长的卷积"))


@conv2d_stride.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    _structure(mod, [(2, 3, 9, 8), (4, 3, 3, 2)], (2, 4, 4, 4), reductions=1)


@conv2d_stride.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    for scale in _scales(rng):
        x, w = _normal(rng, 2, 3, 9, 8) * np.float32(scale), _normal(rng, 4, 3, 3, 2)
        _expect(call, [x, w], reference.conv2d(x, w, stride=2))


max_pool = Task("max_pool", kind="module", title=Text("Max pooling", "最大池化"))
_POOL_SHAPE = (2, 3, 7, 8)
_POOL_LARGEST = 3e38


@max_pool.inspect("structure", points=1, title=STRUCTURE)
def _(mod):
    _structure(mod, [_POOL_SHAPE], (2, 3, 3, 3), reductions=1)


@max_pool.run("positive", points=2, title=Text("right numbers for positive inputs", "输入为正时数值正确"))
def _(call, rng):
    for largest in (1.0, 10 ** rng.uniform(-30, -20), 10 ** rng.uniform(20, 30), _POOL_LARGEST):
        _pools(call, rng.uniform(0.1, 1, _POOL_SHAPE) * largest)


@max_pool.run("negative", points=2, title=Text("right numbers for negative inputs", "输入为负时数值正确"))
def _(call, rng):
    hint = Text(
        "What must a maximum start from, so that no float32 is smaller?",
        "最大值应从什么开始，才能使任何 float32 都不比它小？",
    )
    for least, most in [
        (-_POOL_LARGEST, -1e38),
        (-_POOL_LARGEST, -0.99 * _POOL_LARGEST),
        (-1.0, -1e-3),
        (-1e-20, 1e-20),
    ]:
        _pools(call, rng.uniform(least, most, _POOL_SHAPE), hint)
    _pools(call, np.full(_POOL_SHAPE, -_POOL_LARGEST), hint)


def _pools(call, x, hint=None):
    """A maximum is one of the numbers: exactly."""
    x = x.astype("float32")
    _expect(call, [x], reference.max_pool2d(x, 3, 2), hint=hint, rtol=0, atol=0)


softmax_blocks = Task("softmax_blocks", kind="module", title=Text("Softmax in several blocks", "用多个块实现 softmax"))


@softmax_blocks.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    _structure(mod, [(5, 7)], (5, 7), reductions=2, blocks=3)


@softmax_blocks.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    x = _normal(rng, 5, 7)
    _expect(call, [x], reference.softmax(x))


@softmax_blocks.run("large", points=1, title=Text("large inputs", "很大的输入"))
def _(call, rng):
    hint = Text(
        "exp of a large number overflows; subtract the row's maximum first.", "大数的 exp 会溢出；先减去该行的最大值。"
    )
    # In each row one element is larger than the others by more than exp can take, each column in its turn.
    for peaks in (rng.permutation(7)[:5], rng.permutation(7)):
        for size in (1e3, float(10 ** rng.uniform(4, 6)), -float(10 ** rng.uniform(4, 6))):
            x = _normal(rng, 5, 7) * 10 + size
            x[np.arange(5), np.resize(peaks, 7)[:5]] += 200
            _softmax(call, x, hint)
    for peak in range(7):
        x = _normal(rng, 5, 7) * 10
        x[:, peak] += 200
        _softmax(call, x, hint)
    _softmax(call, rng.uniform(-3e38, -1e38, (5, 7)), hint)
    _softmax(call, rng.uniform(-3e38, 3e38, (5, 7)), hint)
    _softmax(call, np.full((5, 7), -3e38), hint)


def _softmax(call, x, hint=None):
    x = x.astype("float32")
    _expect(call, [x], reference.softmax(x), hint=hint)


symbolic_matmul = Task("symbolic_matmul", kind="module", title=Text("Matmul of any shape", "任意形状的矩阵乘法"))


@symbolic_matmul.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    n, k, m = (te.var(name, dtype="int64") for name in "nkm")
    _structure(mod, [(n, k), (k, m)], (n, m), reductions=1)


@symbolic_matmul.run("numbers", points=3, title=NUMBERS)
def _(call, rng):
    few, many = (2, 6), (80, 1000)
    secret = [[int(rng.integers(*(many if n == long else few))) for n in range(3)] for long in range(3)]
    for n, k, m in [(1, 1, 1), (17, 1, 4), *secret, rng.integers(20, 90, size=3).tolist()]:
        a, b = _normal(rng, n, k), _normal(rng, k, m)
        shapes = f"({n}, {k}) @ ({k}, {m})"
        oracle = reference.matmul(a, b)
        bound = error_bound(k) * float((np.abs(a) @ np.abs(b)).max()) + 1e-6
        _expect(call, [a, b], oracle, rtol=0, atol=bound, where=shapes)


TASKS = [broadcast_add, repair_axes, conv2d_stride, max_pool, softmax_blocks, symbolic_matmul]
