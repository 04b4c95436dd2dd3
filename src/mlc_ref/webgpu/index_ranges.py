"""The ranges that integer inputs must keep to, so that no value read from one leads outside of a buffer.

A gather looks rows up by number: ``table[ids[i], j]``. Here the shapes say which numbers there may be, and every such index is
proved to be in bounds for all of them, or the program is refused.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, Any

from mlc_ref.language import Text
from mlc_ref.webgpu.limits import Unsupported
from mlc_ref.webgpu.refusals import function, listed, unsupported
from mlc_ref.webgpu.refusals import span as in_words

_NO_INTEGERS = Text("none: the function has no parameter of integers", "空的取值范围，因为该函数没有整数参数")
_PAIR = Text("two integers, (least, greatest)", "两个整数，先小后大")
NAME_ONE = Text("state ranges of these alone", "请只为允许的参数写明取值范围")
_WITHIN = Text("state a range within the allowed one", "请写明允许范围之内的一段")
_CLIP = Text("clip the index in the program", "请在程序中把下标限制在界内")

if TYPE_CHECKING:
    import tvm

    from mlc_ref.webgpu.spans import Span
    from mlc_ref.webgpu.value_ranges import ValueRanges


@dataclass(frozen=True)
class _Access:
    """An index that depends on what is in memory and may lie outside of its axis."""

    text: str
    buffer: str
    axis: int
    span: "Span"
    extent: int
    inputs: tuple[Any, ...]


def stated_ranges(func: "tvm.tirx.PrimFunc", entry: str, stated: Mapping[str, "Span"]) -> dict[Any, "Span"]:
    """Ranges by name as ranges of parameters.

    Raises:
        Unsupported: a name that is no parameter of integers, or a range that its type does not hold.
    """
    from mlc_ref.webgpu.spans import full, is_integer, within

    parameters = {each.name: each for each in func.params if is_integer(each.ty)}
    where = {name: function(entry, range_of(name)) for name in stated}
    spans = {name: whole(span, where[name]) for name, span in stated.items()}
    for name, span in spans.items():
        if name not in parameters:
            allowed = listed(list(parameters)) if parameters else _NO_INTEGERS
            raise unsupported(function(entry, Text.code("ranges")), repr(name), allowed, NAME_ONE)
        least, most = full(parameters[name].ty)
        if not (span[0] <= span[1] and within(span, (least, most))):
            allowed = Text(f"{least} to {most}, smaller first", f"{least} 到 {most}，小的在前")
            raise unsupported(where[name], in_words(*span), allowed, _WITHIN)
    return {parameters[name]: span for name, span in spans.items()}


def range_of(name: str) -> Text:
    """The range of a parameter as a part of its function."""
    return Text(f"range of {name}", f"{name} 的取值范围")


def whole(span: Any, where: Text) -> "Span":
    """A stated range as Python's integers.

    Raises:
        Unsupported: it is no pair of integers.
    """
    try:
        least, most = (index(each) for each in span)
    except (TypeError, ValueError) as error:
        then = Text("write it as in (0, 99)", "请写成 (0, 99) 的形式")
        raise unsupported(where, repr(span), _PAIR, then) from error
    return least, most


def input_ranges(func: "tvm.tirx.PrimFunc", entry: str, stated: Mapping[Any, "Span"]) -> dict[Any, "Span"]:
    """Ranges of the function's integer parameters for which every index is in bounds.

    Args:
        func: scheduled TensorIR, not yet lowered: its buffers have axes.
        stated: ranges that the author gave, by parameter; they stay as they are.

    Raises:
        Unsupported: an index that is not known to be in bounds, with what to do.
    """
    from mlc_ref.webgpu.spans import full, is_integer
    from mlc_ref.webgpu.value_ranges import ValueRanges

    _refuse_other_layouts(func, entry)
    ranges = dict(stated)
    if not _reads_indices(func):
        return ranges
    bad = _unproved(ValueRanges(func, ranges))
    # An index that is negative may count from the end; where it must not, the second range is the answer.
    for least in (lambda extent: -extent, lambda extent: 0):
        trial = dict(ranges)
        for access in bad:
            for each in access.inputs:
                if each not in stated and is_integer(each.ty):
                    low, high = trial.get(each, full(each.ty))
                    trial[each] = max(low, least(access.extent)), min(high, access.extent - 1)
        if not bad or not (bad := _unproved(ValueRanges(func, trial))):
            return trial
    raise _refusal(entry, bad[0])


def output_ranges(func: "tvm.tirx.PrimFunc", ranges: Mapping[Any, "Span"]) -> dict[Any, "Span"]:
    """What the function can write into its parameters of integers, for inputs within ``ranges``."""
    from tvm import tirx

    from mlc_ref.checks.sites import nodes
    from mlc_ref.webgpu.spans import is_integer
    from mlc_ref.webgpu.value_ranges import ValueRanges

    written = {store.buffer for store in nodes(func.body, tirx.BufferStore) if is_integer(store.buffer.ty)}
    if not (written := written & set(func.params)):
        return {}
    return {each: span for each, span in ValueRanges(func, ranges).buffers.items() if each in written}


def _reads_indices(func: "tvm.tirx.PrimFunc") -> bool:
    """Whether some index may depend on what is in a buffer."""
    from tvm import ir, tirx
    from tvm.s_tir import SBlock, SBlockRealize

    from mlc_ref.checks.sites import nodes

    indices = [list(each.indices) for each in nodes(func.body, (ir.TensorLoad, tirx.BufferStore))]
    extents = [[loop.min, loop.extent] for loop in nodes(func.body, tirx.For)]
    axes = [list(realize.iter_values) for realize in nodes(func.body, SBlockRealize)]
    parts = [list(block.match_buffers) for block in nodes(func.body, SBlock)]
    return bool(nodes(func.body, (tirx.Bind, tirx.Let)) or nodes([indices, extents, axes, parts], ir.TensorLoad))


def _refuse_other_layouts(func: "tvm.tirx.PrimFunc", entry: str) -> None:
    """Refuse another name of a buffer whose indices do not say where in that buffer an element lies."""
    from tvm import tirx

    from mlc_ref.checks.sites import nodes
    from mlc_ref.gpu_sim.pointers import buffer_of

    for decl in nodes(func.body, tirx.DeclBuffer):
        if decl.data is None:
            continue
        new, old = decl.buffer.ty, buffer_of(decl.data).ty
        sizes: list[list[Any]] = [[getattr(extent, "value", None) for extent in ty.shape] for ty in (new, old)]
        known = (
            not any(None in each for each in sizes) and not list(new.strides or []) and _number(new.elem_offset) == 0
        )
        if str(new.dtype) != str(old.dtype) or not known or math.prod(sizes[0]) > math.prod(sizes[1]):
            raise _other_layout(entry, decl.buffer.name, buffer_of(decl.data).name)


def _other_layout(entry: str, new: str, old: str) -> Unsupported:
    got = Text(
        f"{new}, another name of {old} with other elements, more of them, an offset or strides",
        f"{old} 的另一个名字 {new}，其元素类型不同、元素更多，或者带有偏移或步幅",
    )
    allowed = Text("its elements in another shape", "同样的元素换一种形状")
    return unsupported(function(entry), got, allowed, Text(f"use {old} itself", f"请直接使用 {old}"))


def _number(extent: Any) -> Any:
    return 0 if extent is None else getattr(extent, "value", None)


def _refusal(entry: str, access: _Access) -> Unsupported:
    from mlc_ref.webgpu.spans import is_integer

    names = [each.name for each in access.inputs]
    source = (
        Text(" and ".join(names), "、".join(names)) if names else Text("what the function stores", "该函数写入的值")
    )
    got = Text(
        "index {index} of {buffer}, axis {axis}, whose values {least} to {most} come from {source}",
        "{buffer} 的第 {axis} 轴的下标 {index}，其值为 {least} 到 {most}，来自 {source}",
    ).format(
        index=access.text,
        buffer=access.buffer,
        axis=access.axis,
        least=access.span[0],
        most=access.span[1],
        source=source,
    )
    then = _CLIP
    if numbers := [each.name for each in access.inputs if is_integer(each.ty)]:
        then = Text(
            "state fewer values of {name}, ranges={{{name!r}: (least, greatest)}}, or clip the index in the program",
            "请用 ranges={{{name!r}: (least, greatest)}} 缩小 {name} 的取值范围，或在程序中把下标限制在界内",
        ).format(name=numbers[0])
    return unsupported(function(entry), got, in_words(0, access.extent - 1), then)


def _unproved(values: "ValueRanges") -> list[_Access]:
    """Indices that depend on what is in memory and are not known to be in bounds.

    What the function itself stores counts too: whether it is stored may depend on an input.
    """
    from tvm import ir, tirx
    from tvm.s_tir import SBlock

    found: list[_Access] = []

    def look(buffer: Any, indices: Any) -> None:
        for axis, (place, extent) in enumerate(zip(indices, buffer.shape, strict=True)):
            if not values.reads_memory(place) or not hasattr(extent, "value"):
                continue
            span, most = values.of(place), int(extent.value)
            if not 0 <= span[0] <= span[1] < most:
                inputs = tuple(sorted(values.depends_on(place), key=_name))
                found.append(_Access(str(place), buffer.name, axis, span, most, inputs))

    def look_at_parts(block: Any) -> None:
        for match in block.match_buffers:
            region = match.source.region
            look(match.source.source, [each.min for each in region])
            look(match.source.source, [each.min + each.extent - 1 for each in region])

    values.walk({
        ir.TensorLoad: lambda load: look(load.source, load.indices),
        tirx.BufferStore: lambda store: look(store.buffer, store.indices),
        SBlock: look_at_parts,
    })  # fmt: skip
    return found


def _name(parameter: Any) -> str:
    return str(parameter.name)
