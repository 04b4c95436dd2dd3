"""Arithmetic of 8 bits as arithmetic of 32, cut to 8 bits again, before TVM simplifies it.

TVM simplifies as if nothing overflowed: of ``int32(a + int8(100)) < -28`` it makes false, which is wrong where the sum wraps
around. NumPy's results wrap around; so the wrapping is spelled out.
"""

from typing import Any

import tvm_ffi
from tvm import tirx

from mlc_ref.gpu_sim.elements import element_of
from mlc_ref.kinds import takes
from mlc_ref.webgpu.spans import is_integer, scalar

OVERFLOWING = (tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.FloorDiv, tirx.LShift)
SHIFTS = (tirx.LShift, tirx.RShift)
COMPARISONS = (tirx.EQ, tirx.NE, tirx.LT, tirx.LE, tirx.GT, tirx.GE)
BYTES = ("int8", "uint8")


@takes("PrimFunc")
def wrapping(func: tirx.PrimFunc) -> tirx.PrimFunc:
    """The function with every operation of 8 bits that may overflow done in 32, and every narrowing to 8 bits as low bits."""

    def binary(expr: Any, m: Any) -> Any:
        a, b = m.mutate(expr.a), m.mutate(expr.b)
        if scalar(expr.ty) not in BYTES:
            return type(expr)(a, b)
        return _narrowed(type(expr)(_cast("int32", a), _cast("int32", b)), expr.ty)

    def cast(expr: Any, m: Any) -> Any:
        value = m.mutate(expr.value)
        if scalar(expr.ty) not in BYTES or not is_integer(value.ty):
            return tirx.Cast(str(expr.ty.dtype), value)
        return _narrowed(_cast("int32", value) if scalar(value.ty) in BYTES else value, expr.ty)

    body = tvm_ffi.structural_mutate(func.body, [(OVERFLOWING, binary), (tirx.Cast, cast)])
    return tirx.PrimFunc(func.params, body, func.ret_type, func.attrs)


def cut(value: Any, name: str) -> Any:
    """The low 8 bits of an integer as the type ``name`` reads them."""
    number = lambda n: tirx.const(n, str(value.ty.dtype))  # noqa: E731
    if name == "uint8":
        return tirx.bitwise_and(value, number(255))
    return tirx.bitwise_and(value + number(128), number(255)) - number(128)


def _narrowed(value: Any, ty: Any) -> Any:
    low = _cast("int32", tirx.bitwise_and(value, tirx.const(255, str(value.ty.dtype))))
    return tirx.Cast(str(ty.dtype), low if scalar(ty) == "uint8" else cut(low, "int8"))


def _cast(name: str, value: Any) -> Any:
    element = element_of(value.ty)
    lanes = f"x{element.width}" if element and element.width > 1 else ""
    return value if str(value.ty.dtype) == name + lanes else tirx.Cast(name + lanes, value)
