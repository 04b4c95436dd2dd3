"""Checks of the item ``double``: double an array."""

from mlc_ref.checks import Task, arrays_match
from mlc_ref.language import Text

program = Task("double", kind="program", title=Text("Double an array", "数组加倍"))


@program.run("numbers", points=3, title=Text("right numbers", "数值正确"))
def numbers(call, rng):
    x = rng.random(rng.integers(1, 9), dtype="float32")
    arrays_match(call(x), 2 * x, where="double(x)")


@program.run("input", points=1, title=Text("leaves its input alone", "不改动输入"))
def keeps_input(call, rng):
    x = rng.random(5, dtype="float32")
    (after,) = call(x, returns="arguments")
    arrays_match(after, x, hint=Text("Allocate a new array.", "请分配新数组。"))
