"""Checks of the exercises on development and deployment, levels of abstraction, counts and loops."""

from itertools import pairwise
from typing import Any

import numpy as np

from mlc_ref.checks import CheckFailure, Task, arrays_match, require
from mlc_ref.harness import unwritten
from mlc_ref.introduction.reference import linear_relu as oracle
from mlc_ref.language import Text

# forms ------------------------------------------------------------------------------------------

FORMS = ("development", "deployment")
ABSTRACTIONS = ("graph", "tensor program", "library", "instructions")
VERDICTS = ("same", "different")

FORM_ANSWERS = {
    "f1": "development",
    "f2": "deployment",
    "f3": "development",
    "f4": "deployment",
    "f5": "deployment",
}
ABSTRACTION_ANSWERS = {
    "a1": "tensor program",
    "a2": "instructions",
    "a3": "graph",
    "a4": "library",
    "a5": "tensor program",
    "a6": "instructions",
}
VERDICT_ANSWERS = {"t1": "same", "t2": "different", "t3": "same", "t4": "different", "t5": "same"}

forms = Task("forms", kind="value", title=Text("Forms, abstractions, transformations", "形式、抽象与变换"))


def judge_choices(answers: object, right: dict[str, str], allowed: tuple[str, ...]) -> None:
    """All answers of one group are right; the message counts the right ones and does not name them."""
    if not isinstance(answers, dict):
        kind = type(answers).__name__
        raise CheckFailure(expected=Text("a dict of answers", "答案字典"), found=kind)
    missing = [key for key in right if key not in answers]
    require(
        not missing,
        expected=Text(f"answers to {', '.join(right)}", f"{', '.join(right)} 的答案"),
        found=Text(f"no answer to {', '.join(missing)}", f"缺少 {', '.join(missing)}"),
    )
    for key in right:
        require(
            type(answers[key]) is str and answers[key] in allowed,
            expected=Text(f"one of {', '.join(map(repr, allowed))}", f"{'、'.join(map(repr, allowed))} 之一"),
            found=repr(answers[key]),
            where=key,
        )
    count = sum(answers[key] == right[key] for key in right)
    require(
        count == len(right),
        expected=Text(f"{len(right)} right answers", f"{len(right)} 个正确答案"),
        found=Text(f"{count} right", f"{count} 个正确"),
    )


@forms.inspect("form", points=2, title=Text("Development or deployment form", "开发形式还是部署形式"))
def form(answers: object) -> None:
    judge_choices(answers, FORM_ANSWERS, FORMS)


@forms.inspect("abstraction", points=2, title=Text("Which of the four abstractions", "四种抽象中的哪一种"))
def abstraction(answers: object) -> None:
    judge_choices(answers, ABSTRACTION_ANSWERS, ABSTRACTIONS)


@forms.inspect("equivalence", points=2, title=Text("Same function or another one", "是否仍是同一个函数"))
def equivalence(answers: object) -> None:
    judge_choices(answers, VERDICT_ANSWERS, VERDICTS)


# count ------------------------------------------------------------------------------------------

count = Task("count", kind="program", title=Text("Operations and bytes of a network", "网络的运算次数与字节数"))

COUNTS = {
    "flops": Text("operations", "运算次数"),
    "parameter_bytes": Text("bytes of the parameters", "参数的字节数"),
    "separate_bytes": Text("bytes moved, operators apart", "算子分开执行时搬运的字节数"),
    "fused_bytes": Text("bytes moved, layers fused", "逐层融合后搬运的字节数"),
}
COUNT_HINTS = {
    "flops": Text(
        "A layer of n rows, k inputs and m outputs: 2·n·m·k for the product, n·m for the bias, n·m for ReLU where there is one.",
        "一层有 n 行、k 个输入、m 个输出：矩阵乘法 2·n·m·k 次，偏置 n·m 次，有 ReLU 时再加 n·m 次。",
    ),
    "parameter_bytes": Text(
        "Each layer has a weight and a bias; the batch does not matter.", "每层有一个权重和一个偏置，与 batch 无关。"
    ),
    "separate_bytes": Text(
        "Three operators (two in the last layer). The bias addition reads the product and the bias and writes the sum.",
        "每层三个算子（最后一层两个）。加偏置要读乘积与偏置，写出和。",
    ),
    "fused_bytes": Text(
        "The result of one layer is written by it, and read again by the next.",
        "一层的结果由该层写出，再由下一层读入。",
    ),
}
# The formulas that work only where nothing is special fail on one of these.
FIXED_NETWORKS = [([64, 10], 1, 4), ([1, 1], 1, 4), ([1, 5, 1], 3, 2), ([7, 1, 1, 9], 1, 8)]
LARGEST_WIDTH, LARGEST_BATCH, LARGEST_ITEM, DEEPEST = 200_000, 1_000_000, 100, 40


def expected_counts(sizes: list[int], batch: int, item_bytes: int) -> dict[str, int]:
    """The four counts, element by element of the definition in the exercise's text."""
    flops = parameters = separate = fused = 0
    last = len(sizes) - 2
    for number, (inputs, outputs) in enumerate(pairwise(sizes)):
        x, w, result = batch * inputs, inputs * outputs, batch * outputs
        relu = number != last
        flops += 2 * result * inputs + result + (result if relu else 0)
        parameters += w + outputs
        separate += (x + w + result) + (result + outputs + result) + (2 * result if relu else 0)
        fused += x + w + outputs + result
    return {
        "flops": flops,
        "parameter_bytes": parameters * item_bytes,
        "separate_bytes": separate * item_bytes,
        "fused_bytes": fused * item_bytes,
    }


def networks(rng: np.random.Generator) -> list[tuple[list[int], int, int]]:
    """Sizes, batch and bytes of an element: the fixed ones, then secret ones, each large in one way or in all.

    The largest counts are above 2**53, where a float is no longer exact, and below 2**62.
    """
    narrow, wide = (2, 40), (LARGEST_WIDTH // 4, LARGEST_WIDTH)
    few, many = (2, 30), (LARGEST_BATCH // 4, LARGEST_BATCH)
    drawn = [(2, narrow, few), (3, narrow, few), (int(rng.integers(10, DEEPEST)), narrow, few), (3, wide, few),
             (4, narrow, many), (3, wide, many)]  # fmt: skip
    secret = []
    for depth, widths, rows in drawn:
        sizes = [int(n) for n in rng.integers(*widths, size=depth)]
        # Odd, so that a count loses its last digits where it is rounded.
        secret.append((sizes, int(rng.integers(*rows)) | 1, int(rng.integers(1, LARGEST_ITEM)) | 1))
    return FIXED_NETWORKS + secret


def _number(value: Any) -> Any:
    """What an array without axes holds; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def judge_count(name: str, call: Any, rng: np.random.Generator) -> None:
    """One of the four counts is exact on every network."""
    for sizes, batch, item_bytes in networks(rng):
        result = call(sizes, batch, item_bytes)
        where = Text.code(f"sizes={sizes}, batch={batch}, item_bytes={item_bytes}")
        require(
            isinstance(result, dict) and name in result,
            expected=Text(f"a dict with the key {name!r}", f"含有键 {name!r} 的字典"),
            found=repr(result),
            where=where,
        )
        found, expected = _number(result[name]), expected_counts(sizes, batch, item_bytes)[name]
        require(
            type(found) is int,
            expected=Text("an int", "一个 int"),
            found=f"{type(found).__name__} {found!r}",
            where=where,
            hint=Text("Divide whole numbers by // or not at all.", "整数相除请用 //，或者避免除法。")
            if type(found) is float
            else None,
        )
        require(found == expected, expected=expected, found=found, where=where, hint=COUNT_HINTS[name])


@count.run("flops", points=2, title=COUNTS["flops"])
def count_flops(call: Any, rng: np.random.Generator) -> None:
    judge_count("flops", call, rng)


@count.run("parameter_bytes", points=1, title=COUNTS["parameter_bytes"])
def count_parameter_bytes(call: Any, rng: np.random.Generator) -> None:
    judge_count("parameter_bytes", call, rng)
    sizes = [int(n) for n in rng.integers(2, 40, size=int(rng.integers(4, 9)))]
    after = call(sizes, 3, 4, returns="arguments")[0]
    require(
        after == sizes,
        expected=Text("the list sizes as it was", "列表 sizes 保持不变"),
        found=Text(f"{after} instead of {sizes}", f"{sizes} 变成了 {after}"),
        hint=Text(
            "The list belongs to the caller: read it, or work on a copy, list(sizes).",
            "列表归调用者所有：只读取它，或者先复制：list(sizes)。",
        ),
    )


@count.run("separate_bytes", points=2, title=COUNTS["separate_bytes"])
def count_separate_bytes(call: Any, rng: np.random.Generator) -> None:
    judge_count("separate_bytes", call, rng)


@count.run("fused_bytes", points=1, title=COUNTS["fused_bytes"])
def count_fused_bytes(call: Any, rng: np.random.Generator) -> None:
    judge_count("fused_bytes", call, rng)


# loops ------------------------------------------------------------------------------------------

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


@loops.run("negative", points=1, title=Text("Negative sums become zero", "负的和变为零"))
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


TASKS = [forms, count, loops]
