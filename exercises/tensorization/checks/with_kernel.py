"""Checks of the item ``with_kernel``: a micro-kernel in C."""

import numpy as np
import tvm
from tvm.s_tir import SBlock
from tvm.tirx import BufferStore, For, IfThenElse, While

from mlc_ref.checks import Task, require
from mlc_ref.checks.calls import called, external_calls
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import function, listing, nodes, sites
from mlc_ref.language import Text
from mlc_ref.tensorization import reference
from mlc_ref.tensorization.exercise_inputs import kernels

from .shared import NUMBERS, expect, normal, only, times

_ARITHMETIC = (tvm.tirx.Add, tvm.tirx.Sub, tvm.tirx.Mul, tvm.tirx.Div, tvm.tirx.Max, tvm.tirx.Min, tvm.tirx.FloorDiv)


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
    hint = Text("The module calls the micro-kernel and nothing else, and brings no other code.",
                "模块只调用微内核，不调用别的函数，也不带别的代码。")  # fmt: skip
    if _KERNEL not in found:
        hint = Text("The micro-kernel is never called: is the product tensorized at every size?",
                    "微内核从未被调用：是否每种长度下乘法都做了张量化？")  # fmt: skip
    elif "pragma_import_llvm" not in found:
        hint = Text("The module calls the micro-kernel without its code: bring it with the annotation pragma_import_llvm.",
                    "模块调用了微内核，却没有带上它的代码：用注解 pragma_import_llvm 带上。")  # fmt: skip
    wanted = ["pragma_import_llvm", _KERNEL]
    require(found == wanted, expected=listing(wanted), found=listing(found), hint=hint)
    holders = nodes(function(mod).body, (SBlock, For))
    texts = {
        str(getattr(v, "value", v)) for h in holders for k, v in h.annotations.items() if k == "pragma_import_llvm"
    }
    require(
        texts == {kernels.rank2_llvm()}, expected="kernels.rank2_llvm()", found=Text("another text", "别的文本"),
        where="pragma_import_llvm",
        hint=Text("The code is given: hand it on as it is.", "代码是给定的：请原样传入。"),
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
        updates = [s for s in sites(mod) if _KERNEL in called(only(s))]
        inner = {id(parent) for site in updates for parent in site.parents}
        tiles = n // 4, m // 8, k // 2
        total = sum(times(s) for s in updates if id(s.realize) not in inner)
        hint = Text("Split by 4, 8 and 2, and tensorize the outermost of the inner loops.",
                    "按 4、8、2 拆分，在内层循环的最外层处张量化。")  # fmt: skip
        wanted = f"{' x '.join(map(str, tiles))} = {np.prod(tiles)}"
        require(total == np.prod(tiles), expected=wanted, found=total, where=f"n, m, k = {n, m, k}", hint=hint)


def _kernel_hint(found, a, b):
    """What is likely wrong, told from the numbers that came out."""
    if not np.isfinite(found).any():
        return Text(
            "No element of C was set before it was added to: start each sum from zero.",
            "C 的元素在累加之前从未赋值：每个和都从零开始。",
        )
    if not found.any():
        return Text("C is all zeros: is C the first address of the call?", "C 全是零：调用的第一个地址是 C 吗？")
    return Text(
        "Does the call pass the strides that the buffers have, in the order sc, sa, sb?",
        "调用时传的是各缓冲区自己的步幅吗？顺序是 sc、sa、sb 吗？",
    )


@with_kernel.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for n, m, k in _kernel_sizes(rng, int(rng.integers(2, 4)))[1:]:
        mod = _kernel_module(call(n, m, k))
        a, b = normal(rng, n, k), normal(rng, k, m)
        found = call.module(mod, a, b, out=[((n, m), "float32")])
        expect(found, reference.matmul(a, b), where=f"n, m, k = {n, m, k}", hint=_kernel_hint(found, a, b))
