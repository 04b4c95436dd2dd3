"""Which operator the importer does not know, and where the network uses it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.language import LANGUAGES, Text, for_print

if TYPE_CHECKING:
    import torch

_USE = Text("{operator} (node {node}) {place}{source}", "{operator}（节点 {node}），位于{place}{source}")
_IN_MODULE, _IN_NETWORK = Text("in module {module}", "模块 {module}"), Text("in the network itself", "网络本身")
_UNSUPPORTED = Text(
    "unsupported operators:\n{lines}\nsupported: {supported}", "不支持的算子：\n{lines}\n支持的算子：{supported}"
)
_FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+), in \S+\n\s*(?P<code>.*)')


@dataclass(frozen=True)
class Use:
    """One use of an operator in an exported program.

    Attributes:
        operator: as ATen spells it, such as ``aten.sigmoid.default``.
        node: name of the node in the exported graph.
        module: path of the module it stands in, such as ``features.0``; empty for the network itself.
        source: file, line and text of the innermost frame outside of PyTorch; empty where unknown.
    """

    operator: str
    node: str
    module: str
    source: str

    @property
    def said(self) -> Text:
        """The use in a line."""
        place = _IN_MODULE.format(module=repr(self.module)) if self.module else _IN_NETWORK
        source = Text(f", {self.source}", f"，{self.source}") if self.source else Text.code("")
        return _USE.format(operator=self.operator, node=self.node, place=place, source=source)

    def __str__(self) -> str:
        return for_print(self.said)


class UnsupportedOperatorError(NotImplementedError):
    """The importer's table lacks operators the network needs.

    Attributes:
        uses: every use of such an operator, in the order of the graph.
    """

    def __init__(self, uses: Iterable[Use], supported: Collection[str]):
        self.uses = tuple(uses)
        lines = Text(*("\n".join(f"  {use.said.get(language)}" for use in self.uses) for language in LANGUAGES))
        super().__init__(for_print(_UNSUPPORTED.format(lines=lines, supported=", ".join(sorted(supported)))))


def operator_name(node: "torch.fx.Node") -> str:
    """The key of a call in the operator table; Python functions as ``module.name``."""
    target = node.target
    return str(target) if hasattr(target, "overloadpacket") else f"{target.__module__}.{target.__name__}"


@takes("ExportedProgram")
def unsupported_uses(program: "torch.export.ExportedProgram", supported: Collection[str]) -> list[Use]:
    """Every call of the program whose operator is not among the supported, in order."""
    calls = [node for node in program.graph.nodes if node.op == "call_function"]
    return [
        Use(operator_name(node), node.name, module_path(node), _source(node))
        for node in calls
        if operator_name(node) not in supported
    ]


def module_path(node: "torch.fx.Node") -> str:
    """Path of the innermost module a node was traced in; empty for the network itself."""
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    return str(stack[-1][0]) if stack else ""


def _source(node: "torch.fx.Node") -> str:
    frames = [match.groupdict() for match in _FRAME.finditer(node.meta.get("stack_trace") or "")]
    own = [frame for frame in frames if "torch" not in PurePath(frame["file"]).parts]
    if not own:
        return ""
    frame = own[-1]
    return f"{PurePath(frame['file']).name} line {frame['line']}: {frame['code']}"
