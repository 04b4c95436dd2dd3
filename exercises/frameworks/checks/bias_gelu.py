"""Checks of the item ``bias_gelu``: matrix product, bias and GELU."""

import math

import numpy as np
from tvm import IRModule, te, tirx
from tvm.ir import TensorLoad

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.equivalence import same_signature, written_parameters
from mlc_ref.checks.memory import allocations
from mlc_ref.checks.sites import function, listing, nodes
from mlc_ref.language import Text

from .shared import NUMBERS, _module, normal

# Matrix product, bias and GELU.

bias_gelu = Task("bias_gelu", kind="program", title=Text("Matrix product, bias and GELU", "矩阵乘法、偏置与 GELU"))


def _gelu_shapes(rng, count: int) -> list[tuple[int, ...]]:
    """The smallest shape and some that nobody can know."""
    return [(1, 1, 1), *(tuple(int(n) for n in rng.integers(2, 50, size=3)) for _ in range(count))]


def _gelu_program(n, k, m):
    arrays = [te.placeholder(shape, name=f"p{i}") for i, shape in enumerate([(n, k), (k, m), (m,)])]
    return te.create_prim_func([*arrays, te.compute((n, m), lambda *_: tirx.const(0.0, "float32"), name="out")])


def _gelu_module(call, shape) -> IRModule:
    mod = _module(call(*shape))
    same_signature(mod, _gelu_program(*shape))
    names = sorted(var.name_hint for var in mod.get_global_vars())
    require(len(names) == 1, expected=Text("one tensor program", "一个张量程序"), found=listing(names))
    return mod


@bias_gelu.run("signature", points=1, title=Text("parameters for every shape", "对每种形状，参数正确"))
def _(call, rng):
    for shape in _gelu_shapes(rng, int(rng.integers(2, 5))):
        _gelu_module(call, shape)


@bias_gelu.run("stored", points=2, title=Text("at most one stored result", "至多存储一个中间结果"))
def _(call, rng):
    for shape in _gelu_shapes(rng, int(rng.integers(1, 4))):
        _stores_at_most_one(_gelu_module(call, shape), shape)


def _stores_at_most_one(mod, shape):
    n, _, m = shape
    no_extern_calls(mod)
    _from_inputs(function(mod))
    stored = allocations(mod, compact=False)
    sizes = [int(np.prod([int(extent) for extent in buffer.shape])) for buffer in stored]
    require(
        len(stored) <= 1 and sum(sizes) <= n * m,
        expected=Text(f"at most one allocated buffer, of {n * m} elements", f"至多分配一个缓冲区，{n * m} 个元素"),
        found=listing([f"{b.name} ({size})" for b, size in zip(stored, sizes, strict=True)]),
        where=f"n, k, m = {shape}",
        hint=Text("Which stages need to be tensors? Only a reduction does.", "哪些阶段必须是张量？只有规约必须是。"),
    )


def _from_inputs(func):
    """The program computes with the matrices and leaves its inputs alone: they are no place to store in."""
    loads = [load.source for load in nodes(func.body, TensorLoad)]
    unread = [str(p.name) for p in func.params[:2] if not any(p.same_as(source) for source in loads)]
    require(not unread, expected=Text("a program that reads X and W", "读取 X 和 W 的程序"),
            found=Text(f"{', '.join(unread)} is never read", f"从未读取 {'、'.join(unread)}"),
            hint=Text("The product is computed inside of the program.", "乘积要在程序之内计算。"))  # fmt: skip
    written = [str(func.params[i].name) for i in written_parameters(func)]
    require(
        written == [str(func.params[3].name)],
        expected=Text("only Y is written", "只写入 Y"),
        found=listing(written),
        hint=Text("Store the product in a buffer of the program's own.", "把乘积放在程序自己的缓冲区里。"),
    )


def _gelu(s, cubed=None):
    cubed = s if cubed is None else cubed
    return 0.5 * s * (1 + np.tanh(np.sqrt(2 / np.pi) * (s + 0.044715 * cubed**3)))


def _gelu_hint(found, product, bias) -> Text:
    """What is likely wrong, told from the numbers that came out."""
    s = product + bias
    likely = [
        (_gelu(product), Text("The bias is missing.", "缺少偏置。")),
        (_gelu(s, product), Text("In the cube s is X @ W + B as well.", "三次方里的 s 也是 X @ W + B。")),
        (_gelu(product) + bias, Text("The bias belongs inside: s = X @ W + B.", "偏置应在里面：s = X @ W + B。")),
        (0.5 * s * (1 + np.vectorize(math.erf)(s / np.sqrt(2))),
         Text("This is the form with erf; the prompt asks for the one with tanh.", "这是 erf 形式；题目要求 tanh 形式。")),
        (s / (1 + np.exp(-1.702 * s)),
         Text("This is the form with a sigmoid; the prompt asks for the one with tanh.",
              "这是 sigmoid 形式；题目要求 tanh 形式。")),
    ]  # fmt: skip
    distances = [(float(np.abs(found - wrong).max()), hint) for wrong, hint in likely]
    distance, hint = min(distances, key=lambda each: each[0])
    right = float(np.abs(found - _gelu(s)).max())
    if distance < min(right, 1e-3):
        return hint
    if right < 0.05:
        return Text("A constant is not exact: √(2/π) and 0.044715.", "有一个常量不准确：√(2/π) 和 0.044715。")
    return Text(
        "The tanh form of the prompt, with s = X @ W + B in every place where s stands.",
        "用题目中的 tanh 形式，公式里每个 s 都是 X @ W + B。",
    )


@bias_gelu.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for shape in _gelu_shapes(rng, int(rng.integers(2, 4))):
        n, k, m = shape
        _judge_gelu(call, shape, [normal(rng, n, k) / np.float32(np.sqrt(k)), normal(rng, k, m), normal(rng, m)])
    # Sums without rounding, where even the last digits of the constants are seen.
    n, m = (int(size) for size in rng.integers(24, 40, size=2))
    x, b = rng.integers(-40, 41, (n, 1)) / 16, rng.integers(-8, 9, m) / 16
    _judge_gelu(call, (n, 1, m), [each.astype("float32") for each in (x, np.ones((1, m)), b)], rtol=1e-6, atol=3e-6)


def _judge_gelu(call, shape, arrays, rtol=1e-4, atol=2e-5):
    x, w, b = (each.astype("float64") for each in arrays)
    found = call.module(_gelu_module(call, shape), *arrays, out=[((shape[0], shape[2]), "float32")])
    hint = _gelu_hint(found, x @ w, b) if np.isfinite(found).all() else None
    where = f"n, k, m = {shape}"
    arrays_match(found, _gelu(x @ w + b).astype("float32"), rtol=rtol, atol=atol, where=where, hint=hint)
