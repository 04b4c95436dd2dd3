"""Schedules that TVM's tests only look at: run here, on the simulator, beside the unscheduled function on the CPU.

``install`` looks at every function that a DLight rule schedules for CUDA, and gives every function that Relax's
operators become to DLight's default rules. The test itself sees nothing of it.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import tvm
from tvm.s_tir import dlight
from tvm.tirx import Evaluate
from tvm.tirx.analysis import undefined_vars

from mlc_ref.checks.index_math import evaluate
from mlc_ref.gpu_sim import OutOfBounds, Unsupported
from mlc_ref.gpu_sim.arguments import parameter_element
from mlc_ref.language import Text
from tests.peer.device import Simulated, first_line

EXTENT = 20  # of a symbolic dimension: less than a warp, and no multiple of any tile
MOST_WORK = 1 << 29  # turns of the innermost loops on the CPU
TOLERANCE = {2: 2e-2, 4: 1e-4, 8: 1e-9, 1: 0.25}


def install(device: Simulated) -> None:
    """Compare each scheduled function with the unscheduled one until the process ends."""
    apply, legalize = dlight.base.transform._apply_rules, tvm.relax.transform.LegalizeOps

    def apply_and_compare(func: Any, target: Any, rules: Any, tunable: bool) -> Any:
        found = apply(func, target, rules, tunable)
        if found and target.kind.name == "cuda":
            device.guarded(lambda: compare(device, func, found[0].mod["main"], target))
        return found

    def legalize_and_schedule(*arguments: Any, **named: Any) -> Any:
        made = legalize(*arguments, **named)

        @tvm.transform.module_pass(opt_level=0)
        def run(mod: tvm.IRModule, context: Any) -> tvm.IRModule:
            result = made(mod)
            schedule_all(device, result)
            return result

        return run

    dlight.base.transform._apply_rules = apply_and_compare
    tvm.relax.transform.LegalizeOps = legalize_and_schedule


def schedule_all(device: Simulated, mod: tvm.IRModule) -> None:
    """Schedule every tensor function by DLight's default rules; what they schedule is compared."""
    target = tvm.target.Target({"kind": "cuda", "arch": "sm_" + device.compute_version.replace(".", "")}, host="llvm")
    gpu = dlight.gpu
    rules = [gpu.Matmul(), gpu.GEMV(), gpu.Reduction(), gpu.GeneralReduction(), gpu.Transpose(), gpu.Fallback()]
    for _, func in mod.functions_items():
        if isinstance(func, tvm.tirx.PrimFunc):
            with target:
                _schedule(device, func, target, rules) or _schedule(device, func, target, [gpu.Fallback()])


def _schedule(device: Simulated, func: Any, target: Any, rules: list[Any]) -> bool:
    """Whether DLight's rules take the function without stopping at it."""
    return device.builds(lambda: dlight.base.transform._apply_rules(func, target, rules, False))


def compare(device: Simulated, before: Any, after: Any, target: Any) -> bool:
    """Run both on the same random arrays; whether TVM builds them at all.

    Raises:
        AssertionError: naming the parameter that differs.
        Unsupported: the function takes more work than a comparison may.
    """
    sizes = _sizes(before)
    work = max((math.prod(loops) for loops in _nests(before.body, sizes, ())), default=0)
    if work > MOST_WORK:
        raise Unsupported(Text(f"more work than {MOST_WORK} turns of a loop", f"循环超过 {MOST_WORK} 次"))
    mod = tvm.IRModule({"main": after.with_attr("global_symbol", "main")})
    target = target if target.host else target.with_host("llvm")
    host = before.with_attr({"global_symbol": "main", "target": _cpu()})
    if not device.builds(lambda: device.build_text(mod, target)):
        return False
    try:
        on_cpu = tvm.tirx.build(host, _cpu())["main"]
    except Exception as error:  # threads are already bound, or a call of the GPU's own: nothing to compare with
        device.record.unbuilt.append(first_line(error))
        return False
    try:
        arguments, found = _simulated(device, mod, target, [_argument(p, sizes) for p in before.params])
    except OutOfBounds:  # integers that are indices, too large for what they are indices of
        arguments, found = _simulated(device, mod, target, [_argument(p, sizes, most=0) for p in before.params])
    expected = [tvm.runtime.tensor(a) if isinstance(a, np.ndarray) else a for a in arguments]
    on_cpu(*expected)
    for parameter, one, other in zip(before.params, found, expected, strict=True):
        if isinstance(one, np.ndarray):
            _require_close(parameter.name, one, other.numpy())
    return True


def _simulated(device: Simulated, mod: Any, target: Any, arguments: list[Any]) -> tuple[list[Any], list[Any]]:
    """The arguments, and what the kernels make of them."""
    found = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    device.simulate(mod, target, found)
    return arguments, found


def _cpu() -> Any:
    return tvm.target.Target("llvm")


def _require_close(name: str, found: np.ndarray, expected: np.ndarray) -> None:
    element = found.dtype
    if element.kind in "iub":
        np.testing.assert_array_equal(found, expected, err_msg=name)
        return
    tolerance = TOLERANCE[element.itemsize]
    one, other = found.astype("float64"), expected.astype("float64")
    finite = np.abs(other[np.isfinite(other)])
    scale = float(finite.max()) if finite.size else 1.0
    np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * max(scale, 1e-30), err_msg=name)


def _sizes(func: Any) -> dict[Any, int]:
    """A value for every symbolic dimension and every integer among the parameters; one that is no size may be an index."""
    shapes = [getattr(parameter.ty, "shape", None) for parameter in func.params]
    named = [undefined_vars(Evaluate(extent), []) for shape in shapes for extent in shape or ()]
    sizes = dict.fromkeys(itertools.chain(*named), EXTENT)
    for parameter, shape in zip(func.params, shapes, strict=True):
        if shape is None and not parameter_element(parameter).is_float:
            sizes.setdefault(parameter, 1)
    return sizes


def _argument(parameter: Any, sizes: dict[Any, int], most: int = 1) -> Any:
    element = parameter_element(parameter)
    if not hasattr(parameter.ty, "shape"):
        return 0.5 if element.is_float else sizes[parameter]
    rng = np.random.default_rng(len(parameter.name))
    shape = [int(evaluate(extent, sizes)) for extent in parameter.ty.shape]
    if element.width > 1:
        raise Unsupported(Text("a parameter of vectors", "向量类型的参数"))
    if element.is_float and element.dtype.itemsize < 4:  # sums of these are exact, whatever their order
        return rng.choice([-1, 0, 0, 0, 1], shape).astype(element.dtype)
    if element.is_float:
        return rng.uniform(0.1, 1, shape).astype(element.dtype)
    return rng.integers(0, most + 1, shape).astype(element.dtype)


def _nests(stmt: Any, sizes: dict[Any, int], around: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The extents of the loops around each innermost statement, as far as they are known before it runs."""
    kind = type(stmt).__name__
    if kind == "For":
        try:
            around = (*around, int(evaluate(stmt.extent, sizes)))
        except ValueError:
            around = (*around, EXTENT)
        yield from _nests(stmt.body, sizes, around)
    elif kind == "SeqStmt":
        for one in stmt.seq:
            yield from _nests(one, sizes, around)
    elif kind == "SBlockRealize":
        yield from _nests(stmt.block.body, sizes, around)
    elif kind in ("AttrStmt", "SBlock", "While"):
        yield from _nests(stmt.body, sizes, around)
    elif kind == "IfThenElse":
        for one in (stmt.then_case, stmt.else_case):
            if one is not None:
                yield from _nests(one, sizes, around)
    else:
        yield around
