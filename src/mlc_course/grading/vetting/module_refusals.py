"""Why a module as JSON is refused: a call that is not allowed, a node that is malformed."""

from typing import Any

from mlc_course.grading.vetting.strict_json import refuse
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

_CALL = Text("a call of {name}", "对 {name} 的调用")
_UNDEFINED = Text("a call of {name}, which the module does not define", "对 {name} 的调用，而模块中没有定义它")


def refused_call(name: str, *, defined: bool = True) -> CheckFailure:
    return refuse(
        Text("operators this course uses", "本课程所用的算子"),
        (_CALL if defined else _UNDEFINED).format(name=name[:80]),
        Text("Calls of functions by name or address are not accepted.", "不接受按名字或地址调用的函数。"),
    )


def refused_node(index: int, found: Text | str) -> CheckFailure:
    text = Text("node {index}: {found}", "节点 {index}：{found}").format(index=index, found=found)
    return refuse(Text("an IRModule as TVM writes it", "TVM 写出的 IRModule"), text)


def short(value: Any) -> str:
    """A value as it stands in a message; of a large one only its type."""
    return repr(
        value[:40] if isinstance(value, str) else value if isinstance(value, bool | int | float) else type(value)
    )


def size_of(nodes: Any) -> str:
    return str(len(nodes)) if isinstance(nodes, list) else type(nodes).__name__
