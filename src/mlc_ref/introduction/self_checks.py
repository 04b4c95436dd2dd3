"""Ungraded questions of the first pages: ``check("forms", answers)`` and so on. See ``mlc_ref.checks.self_check``."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.checks.self_check import checker
from mlc_ref.checks.values import arrays_match, one_of
from mlc_ref.harness import run, unwritten
from mlc_ref.introduction.counting import Layer
from mlc_ref.language import Text

FORMS = {
    "train.ipynb": "development",
    "model.py, weights.pt": "development",
    "layer.so": "deployment",
    "kernels.cubin, launcher": "deployment",
}
LAYER = Layer(batch=100, inputs=784, outputs=128)
INNER = 8  # iterations that the quickstart asks for
SIZE = 24  # elements of the quickstart's array


def forms(answers: Any) -> None:
    """A dict with ``"development"`` or ``"deployment"`` for each of ``FORMS``."""
    answers = _dict(answers)
    for name in FORMS:
        one_of(
            answers.get(name),
            ("development", "deployment"),
            where=name,
            hint=Text("Write one of the two words for each entry.", "每一项填这两个词之一。"),
        )
    wrong = [name for name, right in FORMS.items() if answers[name] != right]
    require(
        not wrong,
        expected=Text("four right answers", "四项全对"),
        found=Text(f"{len(FORMS) - len(wrong)} right", f"对了 {len(FORMS) - len(wrong)} 项"),
        hint=Text(
            "Ask of each: does it run where the model is used, or does it only describe the model?",
            "对每一项问：它是在使用模型的地方运行，还是只描述模型？",
        ),
    )


def counting(answers: Any) -> None:
    """A dict with the numbers ``flops``, ``parameter_bytes`` and ``fused_bytes`` of ``LAYER``."""
    answers = _dict(answers)
    hints = {
        "flops": Text("n·m results, each of 2k + 2 operations.", "共 n·m 个结果，每个 2k + 2 次运算。"),
        "parameter_bytes": Text("k·m weights and m biases, 4 bytes each.", "k·m 个权重加 m 个偏置，每个 4 字节。"),
        "fused_bytes": Text("x, w and b are read, y is written; nothing else.", "读 x、w、b，写 y，此外没有别的。"),
    }
    for name, hint in hints.items():
        require(
            answers.get(name) == getattr(LAYER, name),
            expected=Text(f"the number {name} of this layer", f"这一层的 {name}"),
            found=repr(answers.get(name)),
            hint=hint,
        )


def destination(function: Any) -> None:
    """A function ``relu_into(z, y)`` that writes ``max(z, 0)`` into the array of its caller."""
    _require_function(function)
    z = np.array([[1, -2, 3], [-4, 5, -6]], "float32")
    given, y = z.copy(), unwritten(z.shape, "float32")
    returned = function(given, y)
    require(
        not np.isnan(y).all(),
        expected=Text("results in the caller's array y", "结果写入调用者的数组 y"),
        found=Text("y as it was before the call", "y 与调用前相同"),
        hint=Text(
            "Assign to elements, y[i, j] = …; y = … makes the name mean another array.",
            "请对元素赋值：y[i, j] = …；而 y = … 只是让这个名字指向另一个数组。",
        ),
    )
    arrays_match(y, np.maximum(z, 0), where=Text.code("y"))
    require(
        np.array_equal(given, z), expected=Text("z as it was", "z 保持不变"), found=Text("z was written", "z 被改写")
    )
    require(
        returned is None,
        expected=Text("no result: the caller has y already", "没有返回值：y 本来就在调用者手里"),
        found=type(returned).__name__,
    )


def inner_loop(schedule: Any) -> None:
    """A schedule of the quickstart's program in which the inner of two loops has ``INNER`` iterations."""
    import tvm

    if not isinstance(schedule, tvm.s_tir.Schedule):
        raise CheckFailure(
            expected=Text("a Schedule", "一个 Schedule（调度）"),
            found=type(schedule).__name__,
            hint=Text('Pass schedule, not its module: check("inner_loop", schedule).',
                      '请传入 schedule 本身，而不是它的模块：check("inner_loop", schedule)。'),
        )  # fmt: skip
    x = np.linspace(-3, 5, SIZE, dtype="float32")
    (y,) = run(schedule.mod, [x], [((SIZE,), "float32")])
    arrays_match(y, 2 * x, where=Text.code("y"))
    found = [int(schedule.get(loop).extent) for loop in schedule.get_loops(schedule.get_sblock("double"))]
    require(
        found == [SIZE // INNER, INNER],
        expected=Text(f"two loops, the inner with {INNER} iterations", f"两层循环，内层 {INNER} 次"),
        found=Text(f"loops with {_list(found)} iterations", f"循环次数为 {_list(found)}"),
        hint=Text("Change inner, run its cell, and run this one again.",
                  "改动 inner，运行它所在的单元格，再运行本单元格。"),
    )  # fmt: skip


check = checker({"forms": forms, "counting": counting, "destination": destination, "inner_loop": inner_loop})


def _dict(answers: Any) -> Mapping[str, Any]:
    if not isinstance(answers, dict):
        raise CheckFailure(expected=Text("a dict", "一个字典"), found=type(answers).__name__)
    return answers


def _require_function(value: Any) -> None:
    require(callable(value), expected=Text("a function", "一个函数"), found=type(value).__name__)


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
