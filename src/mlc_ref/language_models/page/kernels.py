"""Kernels that compute one number a thread, with its sum in a register.

Few threads work on one word, so a sum across threads would pay with barriers more than it saves.
"""

from collections.abc import Callable, Sequence
from typing import Any

from tvm import relax, te, tirx
from tvm.s_tir import Schedule

_THREADS = 64


class Kernels:
    """Adds kernels to a module, and calls of them to the function that is being built."""

    def __init__(self, builder: relax.BlockBuilder):
        self._builder = builder

    def compute(
        self,
        name: str,
        count: int,
        arguments: Sequence[relax.Expr],
        cell: Callable[..., Any],
        *,
        inputs: int = 0,
        last: Callable[..., Any] | None = None,
    ) -> relax.Var:
        """float32 ``(count,)``: ``cell(j, *arrays)``; with ``inputs``, the sum of ``cell(j, p, *arrays)`` over ``p``.

        Args:
            arguments: what the arrays hold.
            last: ``last(sum, j, *arrays)`` is stored in place of the sum.
        """
        arrays = [_placeholder(i, argument) for i, argument in enumerate(arguments)]
        if inputs:
            p = te.reduce_axis((0, inputs), "p")
            total = te.compute((count,), lambda j: te.sum(cell(j, p, *arrays), axis=p), name="total")
            out = te.compute((count,), lambda j: last(total[j], j, *arrays) if last else total[j], name="out")
        else:
            out = te.compute((count,), lambda j: cell(j, *arrays), name="out")
        func = _one_number_a_thread(te.create_prim_func([*arrays, out]), "total" if inputs else None)
        var = self._builder.add_func(func, name)
        return self._builder.emit(relax.call_tir(var, list(arguments), out_ty=relax.TensorType((count,), "float32")))

    def in_place(self, func: tirx.PrimFunc, name: str, *arguments: relax.Expr) -> relax.Var:
        """A call of a scheduled program that writes its first argument."""
        var = self._builder.add_func(func, name)
        call = relax.op.call_tir_inplace(var, list(arguments), inplace_indices=[0], out_ty=arguments[0].ty)
        return self._builder.emit(call)

    def call(self, func: tirx.PrimFunc, name: str, count: int, *arguments: relax.Expr) -> relax.Var:
        """A call of a scheduled program whose result is float32 ``(count,)``."""
        var = self._builder.add_func(func, name)
        return self._builder.emit(relax.call_tir(var, list(arguments), out_ty=relax.TensorType((count,), "float32")))


def _placeholder(number: int, argument: relax.Expr) -> Any:
    shape = [int(extent) for extent in argument.ty.shape]
    return te.placeholder(shape, str(argument.ty.dtype), name=f"a{number}")


def _one_number_a_thread(func: tirx.PrimFunc, total: str | None) -> tirx.PrimFunc:
    """A thread for each number.

    Before::

        for j: for p: total[j] += …
        for j: out[j] = …

    After::

        for j0 in blockIdx.x: for j1 in threadIdx.x:
            total = 0
            for p: total += …
            out[j] = …
    """
    sch = Schedule(func)
    outer, thread = sch.split(sch.get_loops("out")[0], [None, _THREADS])
    sch.bind(outer, "blockIdx.x")
    sch.bind(thread, "threadIdx.x")
    if total:
        sch.compute_at(total, thread)
        sch.set_scope(total, 0, "local")
        sch.decompose_reduction(total, sch.get_loops(total)[-1])
    return sch.mod["main"].without_attr("global_symbol").with_attr({"tirx.noalias": True, "tirx.is_scheduled": True})
