"""Scalar operators and functions of the IR as NumPy functions."""

from collections.abc import Callable

import numpy as np

from mlc_ref.gpu_sim.elements import Element


def truncated_divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Division rounding toward zero for integers (C's ``/``), plain division for floats."""
    if np.result_type(a, b).kind not in "iub":
        return np.divide(a, b)
    rounded_up = (np.less(a, 0) != np.less(b, 0)) & (np.remainder(a, b) != 0)
    return np.floor_divide(a, b) + rounded_up


def truncated_remainder(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """C's ``%``: the sign of the dividend."""
    return np.fmod(a, b)


def maximum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``max`` of CUDA C++, in which the kernels' text is generated: of a number and a NaN, the number.

    That is ``fmaxf`` and ``fmax``. Types of 16 bits compare with ``a > b ? a : b``, which the text's own
    first lines say, so that they keep a NaN on the right.
    """
    return np.fmax(a, b) if _has_fmax(a, b) else np.where(np.greater(a, b), a, b)


def minimum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``min`` of CUDA C++; see ``maximum``."""
    return np.fmin(a, b) if _has_fmax(a, b) else np.where(np.less(a, b), a, b)


def _has_fmax(a: np.ndarray, b: np.ndarray) -> bool:
    return np.result_type(a, b).kind in "iub" or np.result_type(a, b).itemsize > 2


def bit_function(name: str, dtype: np.dtype) -> Callable[[np.ndarray], np.ndarray]:
    """``clz`` and ``popcount`` of a type's bits; as in CUDA C++, ``clz`` of a narrow integer takes it as 32 bits."""
    bits = max(32, 8 * dtype.itemsize) if name == "clz" else 8 * dtype.itemsize
    wide, unsigned = np.dtype(f"int{bits}" if dtype.kind == "i" else f"uint{bits}"), np.dtype(f"uint{bits}")

    def run(x: np.ndarray) -> np.ndarray:
        x = np.asarray(x).astype(wide).astype(unsigned)
        if name == "popcount":
            return np.bitwise_count(x)
        for distance in (1, 2, 4, 8, 16, 32)[: bits.bit_length() - 1]:
            x = x | x >> unsigned.type(distance)
        return bits - np.bitwise_count(x).astype(np.int32)

    return run


def erf(x: np.ndarray) -> np.ndarray:
    """The error function, in float64 like the oracle, cast back."""
    from scipy.special import erf as exact

    return exact(np.asarray(x, "float64")).astype(np.asarray(x).dtype)


def is_dp4a(*arguments: Element) -> bool:
    """Whether ``__dp4a`` of these is the simulator's: two vectors of four bytes, both signed or both not, and a sum of 32 bits.

    CUDA has none of a signed and an unsigned vector. The one of two 32-bit numbers, whose bytes are taken apart, is not known here.
    """
    if len(arguments) != 3:
        return False
    a, b, total = arguments
    of_bytes = a == b and a.width == 4 and a.dtype in (np.int8, np.uint8)
    return of_bytes and total.width == 1 and total.dtype in (np.int32, np.uint32)


BINARY: dict[str, Callable] = {
    "Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": truncated_divide, "Mod": truncated_remainder,
    "FloorDiv": np.floor_divide, "FloorMod": np.mod, "Min": minimum, "Max": maximum,
    "EQ": np.equal, "NE": np.not_equal, "LT": np.less, "LE": np.less_equal, "GT": np.greater, "GE": np.greater_equal,
    "LShift": np.left_shift, "RShift": np.right_shift,
    "BitwiseAnd": np.bitwise_and, "BitwiseOr": np.bitwise_or, "BitwiseXor": np.bitwise_xor,
}  # fmt: skip

FLOPS = ("Add", "Sub", "Mul", "Div")

CALLS: dict[str, Callable] = {
    "exp": np.exp, "exp2": np.exp2, "log": np.log, "log2": np.log2, "log10": np.log10, "sqrt": np.sqrt,
    "rsqrt": lambda x: np.reciprocal(np.sqrt(x)), "sigmoid": lambda x: np.reciprocal(1 + np.exp(-x)),
    "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "tan": np.tan, "erf": erf, "pow": np.power,
    "fabs": np.abs, "abs": np.abs, "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "round": np.rint,
    "nearbyint": np.rint, "isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite, "fmod": np.fmod,
    "bitwise_and": np.bitwise_and, "bitwise_or": np.bitwise_or, "bitwise_xor": np.bitwise_xor,
    "bitwise_not": np.invert, "shift_left": np.left_shift, "shift_right": np.right_shift,
    "left_shift": np.left_shift, "right_shift": np.right_shift, "log1p": np.log1p, "exp10": lambda x: np.power(10, x),
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2, "sinh": np.sinh, "cosh": np.cosh,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "hypot": np.hypot, "copysign": np.copysign,
    "likely": lambda x: x, "max": maximum, "min": minimum, "fma": lambda a, b, c: a * b + c,
}  # fmt: skip

# What may be called by name: the function, and whether it is known for arguments of these types.
EXTERN: dict[str, tuple[Callable, Callable[..., bool]]] = {
    "__dp4a": (lambda a, b, c: (a.astype(np.int32) * b.astype(np.int32)).sum(0) + c, is_dp4a),
}

BITS = ("clz", "popcount")
COSTS = {"fma": 2}
FREE_CALLS = frozenset(
    ("likely", "isnan", "isinf", "isfinite", "fabs", "abs", "floor", "ceil", "trunc", "round", "nearbyint")
)
