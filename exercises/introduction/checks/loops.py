"""Checks of the item ``loops``: linear and ReLU in explicit loops."""

from typing import Any

import numpy as np

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.harness import unwritten
from mlc_ref.introduction.reference import linear_relu as oracle
from mlc_ref.language import Text

loops = Task("loops", kind="program", title=Text("Linear and ReLU in explicit loops", "用显式循环实现线性层与 ReLU"))


SHAPES = [(1, 1, 1), (1, 7, 3), (5, 1, 2), (4, 3, 1), (3, 11, 6)]


LONG = (60, 300)  # the range of the one long dimension of a secret shape


SMALL, LARGE = 1e-7, 1e5  # factors of secret inputs: float32 is as exact there


NOT_WRITTEN = Text(
    "Assign to the elements, y[i, j] = …, and start each sum from 0: y holds nan before the call, and nan plus "
    "anything is nan. Assigning to the name y only makes the name mean another array.",
    "请对元素赋值：y[i, j] = …，并让每个和从 0 开始累加：调用之前 y 中全是 nan，nan 加任何数仍是 nan。"
    "给名字 y 赋值只会让这个名字指向另一个数组。",
)


UNWRITTEN = Text(
    "nan in y means an element was never written, or was read before it was written.",
    "y 中的 nan 表示有元素从未写入，或在写入之前就被读取。",
)


NEGATIVE = Text(
    "No element of y may be below 0: apply ReLU last, to the sum with its bias.",
    "y 中不应有小于 0 的元素：最后再对加了偏置的和应用 ReLU。",
)


FINISHED = Text(
    "Every sum here is negative: apply ReLU to the finished sum.", "这里每个和都是负数：请对完整的和应用 ReLU。"
)


FORMULA = Text(
    "Compute this element by hand: all products over k first, then the bias once, then ReLU once.",
    "请手算这个元素：先加完 k 的全部乘积，再加一次偏置，最后做一次 ReLU。",
)


ALL_OF_THEM = Text(
    "The shapes come from the arrays: n and k are x.shape, m is len(b); no loop has a length of its own.",
    "形状取自数组：n 和 k 是 x.shape，m 是 len(b)；循环的长度不应写死。",
)


def secret_shapes(rng: np.random.Generator) -> list[tuple[int, int, int]]:
    """Shapes of (batch, inputs, outputs) of which one is long, each in its turn."""
    shapes = []
    for position in range(3):
        shape = [int(n) for n in rng.integers(2, 5, size=3)]
        shape[position] = int(rng.integers(*LONG))
        shapes.append((shape[0], shape[1], shape[2]))
    return shapes


def operands(rng: np.random.Generator, shape: tuple[int, int, int], factor: float = 1.0) -> list[np.ndarray]:
    """Random x, w, b of (batch, inputs, outputs), about half of the sums negative, and an unwritten y."""
    n, k, m = shape
    x, w, b = (rng.standard_normal(s) for s in ((n, k), (k, m), (m,)))
    return [*(each.astype("float32") for each in (x * factor, w, b * factor)), unwritten((n, m), "float32")]


def described(shape: tuple[int, int, int]) -> Text:
    n, k, m = shape
    return Text.code(f"x ({n}, {k}), w ({k}, {m}), b ({m},), y ({n}, {m})")


def after(call: Any, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """The arguments after the call. The program sees views that refuse operations on whole arrays."""
    return call(*inputs, returns="arguments", scalars_only=True)


def written(call: Any, inputs: list[np.ndarray], where: Text) -> np.ndarray:
    """The fourth argument after the call; it must not be as it was before."""
    y = after(call, inputs)[3]
    require(
        not np.array_equal(y, inputs[3], equal_nan=True),
        expected=Text("results in the array y", "结果写入数组 y"),
        found=Text("y as it was before the call", "y 与调用前相同"),
        where=where,
        hint=NOT_WRITTEN,
    )
    return y


def judge_numbers(call: Any, inputs: list[np.ndarray], where: Text, hint: Text) -> None:
    """What stands in y after the call is the float64 oracle's answer, cast to float32."""
    y = written(call, inputs, where)
    hint = UNWRITTEN if np.isnan(y).any() else NEGATIVE if (y < 0).any() else hint
    right = oracle(*inputs[:3]).astype("float32")
    arrays_match(y, right, rtol=1e-4, atol=1e-5 * max(float(right.max()), 1e-12), where=where, hint=hint)


@loops.run("numbers", points=4, title=Text("Right numbers for awkward shapes", "各种形状下数值正确"))
def numbers(call: Any, rng: np.random.Generator) -> None:
    for shape in SHAPES:
        judge_numbers(call, operands(rng, shape), described(shape), FORMULA)
    for shape in secret_shapes(rng):
        judge_numbers(call, operands(rng, shape), described(shape), ALL_OF_THEM)
    for factor in (SMALL, LARGE):
        judge_numbers(call, operands(rng, (3, 5, 4), factor), described((3, 5, 4)), FORMULA)


@loops.run("negative", points=1, title=Text("Negative sums become zero", "负的累加和变为零"))
def negative(call: Any, rng: np.random.Generator) -> None:
    x, w, b, y = operands(rng, (3, 4, 5))
    inputs = [np.abs(x), -np.abs(w), -np.abs(b) - 1, y]
    judge_numbers(call, inputs, described((3, 4, 5)), FINISHED)


@loops.run("again", points=1, title=Text("A second call overwrites the first", "再次调用会覆盖上次结果"))
def again(call: Any, rng: np.random.Generator) -> None:
    shape = (4, 6, 3)
    x, w, b, _ = operands(rng, shape)
    old = rng.standard_normal((4, 3)).astype("float32") + 5
    hint = Text(
        "y holds old results here: start each sum from 0 (or the bias), not from what y holds.",
        "此处 y 中留有旧结果：每个和应从 0（或偏置）开始累加，而不是从 y 的旧值开始。",
    )
    judge_numbers(call, [x, w, b, old], described(shape), hint)


@loops.run(
    "untouched", points=1, title=Text("Inputs stay as they were, nothing is returned", "输入保持不变，不返回任何值")
)
def untouched(call: Any, rng: np.random.Generator) -> None:
    inputs = [*operands(rng, (3, 5, 4))[:3], np.full((3, 4), 7, "float32")]
    where = described((3, 5, 4))
    found = after(call, inputs)
    for name, old, new in zip(("x", "w", "b"), inputs, found, strict=False):
        require(
            np.array_equal(old, new),
            expected=Text(f"{name} unchanged", f"{name} 不变"),
            found=Text(f"{name} was written to", f"{name} 被改写"),
            where=where,
        )
    require(
        not np.array_equal(found[3], inputs[3]),
        expected=Text("results in the array y", "结果写入数组 y"),
        found=Text("nothing was written", "没有写入任何结果"),
        where=where,
        hint=NOT_WRITTEN,
    )
    result = call(*inputs, scalars_only=True)
    require(
        result is None,
        expected=Text("no result (None): y is the output", "没有返回值（None）：输出就是 y"),
        found=type(result).__name__,
        where=where,
        hint=Text("Leave out the return: the caller has y already.", "去掉 return：调用者已经有 y 了。"),
    )
