"""Checks of the item ``axis``: name the axis kind."""

from mlc_ref.checks import Task, equal_value
from mlc_ref.language import Text

value = Task("axis", kind="value", title=Text("Name the axis kind", "说出轴的种类"))


@value.inspect("kind", points=2, title=Text("the kind", "种类"))
def axis_kind(answer):
    equal_value(answer, "reduction", hint=Text("It is summed over.", "它被求和。"))
