"""What the blocks of a tensor program say about their axes, and whether it is true.

TVM trusts a block's declaration in most places: a schedule is created without asking whether the
loops visit the axes' whole domain, or whether an axis called spatial picks a different output each
time. ``check_axes`` asks. It evaluates the bindings on every iteration of the loops, so that it needs
no theory of which expressions are affine; symbolic extents are tried with small numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from tvm import s_tir, tirx

from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.checks.sites import Site, Subject, nodes, sites
from mlc_ref.language import Text

MAX_POINTS = 2**22
"""Iterations of one block's loops that are enumerated at most."""
_KINDS = {"S": "spatial", "R": "reduce", "O": "other"}


@dataclass(frozen=True)
class Axis:
    """One axis of one block, as declared: name, kind (``spatial``, ``reduce``, ``other``), extent, bound value."""

    block: str
    name: str
    kind: str
    extent: str
    binding: str


def axes_of(subject: Subject, entry: str = "main") -> list[Axis]:
    """The axes of every block, in the order they are written."""
    return [
        Axis(site.name, axis.var.name, _KINDS[kind], _text(axis.dom.extent), _text(value))
        for site in sites(subject, entry)
        for axis, kind, value in zip(site.block.iter_vars, site.kinds, site.realize.iter_values, strict=True)
    ]


def check_axes(subject: Subject, entry: str = "main") -> None:
    """Every block's axes mean what they say: ``check_kinds`` and ``check_domains``.

    Raises:
        CheckFailure: naming the block and the axis of the first untrue statement.
    """
    check_kinds(subject, entry)
    check_domains(subject, entry)


def check_kinds(subject: Subject, entry: str = "main") -> None:
    """The kind of every axis is true.

    * An axis that picks the element written is spatial; one that does not is a reduction.
    * ``T.init`` stands only where there is a reduction axis.

    Raises:
        CheckFailure: naming the block and the first axis of another kind.
    """
    for site in sites(subject, entry):
        picking = _picking(site.block)
        for axis, kind in zip(site.block.iter_vars, site.kinds, strict=True):
            picks = any(axis.var.same_as(v) for v in picking)
            if kind == "S" and picking and not picks and constant(axis.dom.extent) != 1:
                _refuse_spatial(site, axis.var.name)
            if kind == "R" and picks:
                _refuse_reduction(site, axis.var.name)
        require(
            site.block.init is None or "R" in site.kinds,
            expected=Text("a reduction axis beside T.init()", "有 T.init() 的块带有规约轴"),
            found=Text("none: the initial value is written at every iteration", "没有规约轴：每次迭代都会写入初始值"),
            where=_where(site),
        )


def check_domains(subject: Subject, entry: str = "main") -> None:
    """The loops of every block visit the whole domain of its axes, and nothing outside it.

    Raises:
        CheckFailure: naming the block and the first point left out or outside; or bindings and loops
            that cannot be enumerated (values read from memory, more than ``MAX_POINTS`` iterations).
    """
    sizes = _Sizes()
    for site in sites(subject, entry):
        if not site.block.iter_vars:
            continue
        try:
            extents = [int(evaluate(axis.dom.extent, sizes)) for axis in site.block.iter_vars]
            points = _points(site, sizes)
        except (ValueError, TypeError) as error:
            allowed = Text("integer arithmetic on loop variables and shapes", "由循环变量和形状构成的整数运算")
            raise CheckFailure(expected=allowed, found=Text.english(str(error)), where=_where(site)) from error
        _compare(site, extents, points)


def _refuse_spatial(site: Site, name: str) -> None:
    hint = Text(
        f"No element written depends on {name}: iterations with different {name} write to the same place.",
        f"写入的位置与 {name} 无关：{name} 不同的迭代会写到同一个元素。",
    )
    expected = Text(f"axis {name} declared as a reduction", f"轴 {name} 声明为规约轴")
    raise CheckFailure(expected=expected, found=Text("spatial", "空间轴"), where=_where(site), hint=hint)


def _refuse_reduction(site: Site, name: str) -> None:
    hint = Text(f"{name} picks the element that is written.", f"{name} 决定写入哪一个元素。")
    expected = Text(f"axis {name} declared as spatial", f"轴 {name} 声明为空间轴")
    raise CheckFailure(expected=expected, found=Text("reduction", "规约轴"), where=_where(site), hint=hint)


def _picking(block: s_tir.SBlock) -> list[tirx.Var]:
    """The variables that decide where a block stores; axes of inner blocks are followed to what they are bound to."""
    bound = {
        axis.var: value
        for inner in nodes(block.body, s_tir.SBlockRealize)
        for axis, value in zip(inner.block.iter_vars, inner.iter_values, strict=True)
    }
    pending = [v for s in nodes(block.body, tirx.BufferStore) for i in s.indices for v in nodes(i, tirx.Var)]
    found: list[tirx.Var] = []
    while pending:
        variable = pending.pop()
        found.append(variable)
        pending += nodes(bound[variable], tirx.Var) if variable in bound else []
    return found


def executions(site: Site) -> int:
    """How often a block runs: the iterations of its loops that the predicates (``T.where``) let through.

    Raises:
        CheckFailure: there are too many to enumerate.
        ValueError: they depend on values read from memory.
    """
    return int(_iterations(site, _Sizes())[0].sum())


def _points(site: Site, sizes: "_Sizes") -> list[np.ndarray]:
    """For each axis of the block, its value at every iteration of the loops that the predicates let through."""
    kept, values = _iterations(site, sizes)
    return [np.broadcast_to(value, kept.shape)[kept] for value in values]


def _iterations(site: Site, sizes: "_Sizes") -> tuple[np.ndarray, list]:
    """For every iteration of the loops whether the predicates let it through, and the value of each axis."""
    extents = [int(evaluate(loop.extent, sizes)) for loop in site.loops]
    total = int(np.prod(extents, dtype="int64"))
    require(
        total <= MAX_POINTS,
        expected=Text(f"at most {MAX_POINTS} iterations to enumerate", f"最多枚举 {MAX_POINTS} 次迭代"),
        found=total,
        where=_where(site),
    )
    bindings = _Sizes(sizes)
    for loop, steps in zip(site.loops, np.indices(extents).reshape(len(extents), total), strict=True):
        bindings[loop.loop_var] = evaluate(loop.min, sizes) + steps
    kept = np.full(total, True)
    for realize in (*site.parents, site.realize):
        kept = kept & np.asarray(evaluate(realize.predicate, bindings), dtype=bool)
        values = [evaluate(value, bindings) for value in realize.iter_values]
        bindings.update(zip((axis.var for axis in realize.block.iter_vars), values, strict=True))
    return kept, values


def _compare(site: Site, extents: list[int], points: list[np.ndarray]) -> None:
    names = [axis.var.name for axis in site.block.iter_vars]
    domain, listed = " × ".join(map(str, extents)), ", ".join(names)
    expected = Text(f"loops that visit the domain {domain} of ({listed})", f"循环遍历 ({listed}) 的整个定义域 {domain}")
    for name, extent, values in zip(names, extents, points, strict=True):
        outside = values[(values < 0) | (values >= extent)]
        if len(outside):
            found = Text(f"{name} = {outside[0]}, outside the domain", f"{name} = {outside[0]}，超出定义域")
            raise CheckFailure(expected=expected, found=found, where=_where(site))
    reached = np.zeros(extents, dtype=bool)
    reached[tuple(points)] = True
    if reached.all():
        return
    first = ", ".join(f"{name} = {i}" for name, i in zip(names, np.argwhere(~reached)[0], strict=True))
    found = Text(
        f"{reached.sum()} of {reached.size} points; never {first}",
        f"{reached.size} 个点中只有 {reached.sum()} 个；从不到达 {first}",
    )
    raise CheckFailure(expected=expected, found=found, where=_where(site))


class _Sizes(dict):
    """Values of variables; one that was never given a value is a symbolic extent and gets a small number of its own."""

    def __init__(self, values: "_Sizes | None" = None) -> None:
        super().__init__(values or {})
        self._samples: Iterator[int] = values._samples if values is not None else count(3)

    def __contains__(self, variable: object) -> bool:
        return True

    def __missing__(self, variable: Any) -> int:
        self[variable] = next(self._samples)
        return self[variable]


def _where(site: Site) -> Text:
    return Text(f"block {site.name!r}", f"块 {site.name!r}")


def _text(expr: Any) -> str:
    """The expression alone, without the definitions of its variables that the printer puts before it."""
    return str(expr).splitlines()[-1]
