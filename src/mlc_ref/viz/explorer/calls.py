"""A step of a trace as a person would write it: with the names of loops and blocks in place of variables."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import tvm
from tvm import tirx
from tvm.s_tir import Schedule
from tvm.s_tir.schedule import LoopRV, SBlockRV, StmtSRef

from mlc_ref.checks.sites import function, nodes

_LOOPS = re.compile(r"^\s*for (.+?) in ", re.MULTILINE)
# Attributes that say which of the block's buffers is meant, and on which side; the others shown are numbered.
_BUFFER_OF = {"CacheRead": "reads", "CacheWrite": "writes", "SetScope": "writes", "StorageAlign": "writes",
              "ReindexCacheRead": "reads", "ReindexCacheWrite": "writes", "RollingBuffer": "writes"}  # fmt: skip
_HIDDEN = {"Split": 2, "Fuse": 1, "Merge": 1, "ComputeAt": 2, "ReverseComputeAt": 2, "Blockize": 1}
_NAMES = {"RFactor": "rfactor", "ReIndex": "reindex", "UnsafeSetDType": "unsafe_set_dtype"}


class LoopNames:
    """The loops of a function under the names that its text shows.

    Args:
        func: the function.
    """

    def __init__(self, func: tirx.PrimFunc):
        self.loops = nodes(func.body, tirx.For)
        shown = [name for group in _LOOPS.findall(func.script()) for name in group.split(", ")]
        raw = [str(loop.loop_var.name) for loop in self.loops]
        self.names = shown if len(shown) == len(raw) else raw
        self.counts = Counter(self.names)

    def name(self, loop: tirx.For) -> str:
        """The loop's name, which several loops may share."""
        found = (name for known, name in zip(self.loops, self.names, strict=True) if known.same_as(loop))
        return next(found, str(loop.loop_var.name))

    def of(self, loop: tirx.For) -> str:
        """The loop's name; where several share it, with a block that stands in the loop."""
        name = self.name(loop)
        return name if self.counts[name] < 2 else f"{name} of {_first_block(loop)}"


def _first_block(loop: tirx.For) -> str:
    return str(nodes(loop.body, tvm.s_tir.SBlock)[0].name_hint)


def call(kind: str, inputs: Sequence[Any], attrs: Sequence[Any], sch: Schedule, entry: str = "main") -> str:
    """The text of a step that is about to be made, such as ``split(i, [None, 16])``.

    Args:
        kind: the instruction's kind, such as ``Split``.
        inputs, attrs: of the instruction, its variables those of ``sch``.
        sch: the schedule just before the step.
    """
    names = LoopNames(function(sch, entry))
    name = _NAMES.get(kind) or re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
    shown = [shown_value(each, sch, names) for each in inputs]
    if kind == "Split":
        return f"{name}({shown[0]}, [{', '.join(shown[1:])}])"
    if kind == "TransformLayout":
        side = "reads" if int(attrs[1]) == 0 else "writes"
        return f"{name}({_buffer(sch.get(inputs[0]), side, attrs[0])}, {shown[1]})"
    if kind == "Annotate":
        return f"{name}({', '.join([shown[0], _attribute(attrs[0]), *shown[1:]])})"
    if kind in _BUFFER_OF:
        extra = [_attribute(each) for each in attrs[1:]]
        return f"{name}({', '.join([shown[0], _buffer(sch.get(inputs[0]), _BUFFER_OF[kind], attrs[0]), *extra])})"
    kept = attrs[: len(attrs) - _HIDDEN.get(kind, 0)] if kind != "Tensorize" else attrs[:1]
    return f"{name}({', '.join([*shown, *map(_attribute, kept)])})"


def shown_value(value: Any, sch: Schedule, names: LoopNames) -> str:
    """A loop's or block's name, a number, or an index map, as text."""
    if isinstance(value, SBlockRV):
        return str(sch.get(value).name_hint)
    if isinstance(value, LoopRV):
        place = sch.get_sref(value)
        if place.stmt is None:  # a drawn place that is no loop
            return "inline" if place.same_as(StmtSRef.inline_mark()) else "root"
        return names.of(place.stmt)
    if isinstance(value, tirx.IndexMap):
        return _index_map(value)
    if isinstance(value, tirx.Expr) and not isinstance(value, tirx.IntImm | tirx.FloatImm):
        return str(sch.get(value))
    return _attribute(value)


def _buffer(block: tvm.s_tir.SBlock, side: str, position: Any) -> str:
    return str(getattr(block, side)[int(position)].source.name).replace(".", "_")


def _index_map(index_map: tirx.IndexMap) -> str:
    before = ", ".join(str(var.name) for var in index_map.initial_indices)
    after = ", ".join(str(expr) for expr in index_map.final_indices)
    return f"({before}) -> ({after})"


def _attribute(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tirx.IntImm | tirx.FloatImm):
        return str(value.value)
    if isinstance(value, tirx.IndexMap):
        return _index_map(value)
    return f"[{', '.join(_attribute(each) for each in value)}]" if hasattr(value, "__iter__") else str(value)
