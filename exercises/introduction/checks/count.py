"""Checks of the item ``count``: operations and bytes of a network."""

from itertools import pairwise
from typing import Any

import numpy as np

from mlc_ref.checks import Task, require
from mlc_ref.language import Text

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
        "Each layer has a weight and a bias; the batch does not matter.", "每层有一个权重和一个偏置，与批大小无关。"
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
