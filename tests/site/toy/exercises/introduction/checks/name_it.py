"""Checks of the item ``name_it``: name it."""

from mlc_ref.checks import Task, equal_value
from mlc_ref.language import Text

name_it = Task("name_it", kind="value", title=Text("Name it", "说出名字"))


@name_it.inspect("name", points=2, title=Text("right name", "名字正确"))
def name(answer):
    equal_value(answer, "quincunx")
