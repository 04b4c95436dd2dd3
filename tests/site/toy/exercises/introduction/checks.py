"""Checks of the toy course's exercises."""

import numpy as np

from mlc_ref.checks import Task, arrays_match, equal_value
from mlc_ref.language import Text

name_it = Task("name_it", kind="value", title=Text("Name it", "说出名字"))
double = Task("double", kind="program", title=Text("Double an array", "数组加倍"))


@name_it.inspect("name", points=2, title=Text("right name", "名字正确"))
def name(answer):
    equal_value(answer, "quincunx")


@double.run("numbers", points=3, title=Text("right numbers", "数值正确"))
def numbers(call, rng):
    x = rng.random(5).astype(np.float32)
    arrays_match(call(x), 2 * x)


TASKS = [name_it, double]
