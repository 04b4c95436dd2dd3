"""What several items of the set share."""

import numpy as np
from tvm import te, tirx

from mlc_ref.checks import arrays_match, require
from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.contributing import computes_by_axes, contributing
from mlc_ref.checks.equivalence import same_signature, written_parameters
from mlc_ref.checks.sites import function, listing, nodes, reducing, select, sites
from mlc_ref.language import Text
from mlc_ref.tensor_programs.axes import check_axes

STRUCTURE = Text("blocks and parameters", "块与参数")


NUMBERS = Text("right numbers", "数值正确")


START = Text(
    "Give the reduction its first value with T.init(), or in a block that runs before it.",
    "用 T.init() 给规约一个初始值，或在它之前用另一个块写入初始值。",
)


def parameters(inputs, output):
    """A function that has only the right parameters: shapes of the inputs, then of the output, all float32."""
    arrays = [te.placeholder(shape, name=f"p{n}") for n, shape in enumerate(inputs)]
    return te.create_prim_func([*arrays, te.compute(output, lambda *_: tirx.const(0.0, "float32"), name="out")])


def initialized(mod):
    """Every reduction starts from a value: in its own T.init, or in an earlier block."""
    for site in select(mod, reducing):
        if site.block.init is None or not nodes(site.block.init, tirx.BufferStore):
            decomposed(mod, lambda s, update=site.realize: s.realize.same_as(update), hint=START)


BLOCKS = Text(
    "The computation stands in a block, with T.sblock(name):, whose axes are bound to the loops.",
    "计算写在块中（写作 with T.sblock(name)），块轴绑定到循环。",
)


REDUCTIONS = Text(
    "An axis over which a sum or a maximum runs is a reduction axis of its block: R in T.axis.remap.",
    "求和或求最大值所沿的轴，是块的规约轴：在 T.axis.remap 中写作 R。",
)


def at_least(found, number, what, hint):
    require(
        len(found) >= number,
        expected=Text(f"{what.en}: at least {number}", f"{what.zh}：至少 {number} 个"),
        found=len(found),
        hint=hint,
    )


def writes_its_output_only(mod):
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
    same_signature(mod, parameters(inputs, output))
    no_extern_calls(mod)
    computes_by_axes(mod)
    used = contributing(mod)
    at_least(used, blocks, Text("blocks that the output is made of", "对输出有贡献的块"), BLOCKS)
    reduced = [site for site in used if reducing(site)]
    what = Text("blocks with a reduction axis that the output is made of", "对输出有贡献的、带规约轴的块")
    at_least(reduced, reductions, what, REDUCTIONS)


def structure(mod, inputs, output, *, reductions=0, blocks=1):
    same_signature(mod, parameters(inputs, output))
    no_extern_calls(mod)
    at_least(sites(mod), blocks, Text("blocks", "块"), BLOCKS)
    writes_its_output_only(mod)
    _blocks(mod, inputs, output, reductions=reductions, blocks=blocks)
    check_axes(mod)
    if reductions:
        initialized(mod)


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def scales(rng):
    """Factors of secret inputs: about 1, very small and very large."""
    return [1.0, float(10 ** rng.uniform(-12, -6)), float(10 ** rng.uniform(6, 12))]


NAN = Text(
    "nan: the element was never written, or a reduction began with what lay in memory. Outputs hold nan before the call.",
    "nan：该元素从未写入，或规约是从内存中原有的内容开始的。调用之前输出中全是 nan。",
)


def expect(call, inputs, expected, *, hint=None, **options):
    oracle = expected.astype("float32")
    found = call(*inputs, out=[(oracle.shape, "float32")])
    hint = hint or (NAN if np.isnan(found).any() else None)
    options = {"rtol": 1e-4, "atol": 1e-5 * float(np.abs(oracle).max())} | options
    arrays_match(found, oracle, hint=hint, **options)
