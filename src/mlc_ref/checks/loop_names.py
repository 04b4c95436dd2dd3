"""What the text of a loop finds under its names: functions of numbers, modules of them, and guards against whole arrays.

NumPy makes arrays of lists and numbers by itself; a function here takes numbers, or refuses such an array.
"""

import builtins
import functools
import itertools
import math
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.loop_language import ATTRIBUTES, BUILTINS, DTYPES, SCALAR_FUNCTIONS, TYPES
from mlc_ref.checks.scalars import HINT, ScalarArray, WholeArrayOperation
from mlc_ref.language import Text

EXPECTED = Text("loops over single elements, written with def", "用 def 写出的、逐个元素访问的循环")


def unusable(found: Text) -> CheckFailure:
    """The refusal of a text, or of something in it, that is no loop over single elements."""
    return CheckFailure(expected=EXPECTED, found=found, hint=HINT)


def _scalar_only(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function for numbers; arrays, and lists that would become arrays, are refused."""

    def call(*arguments: Any) -> Any:
        if not all(isinstance(a, bool | int | float | np.generic) for a in arguments):
            found = Text(f"{name} on a whole array", f"对整个数组使用 {name}")
            raise WholeArrayOperation(expected=EXPECTED, found=found, hint=HINT)
        return function(*arguments)

    return call


def no_array(value: Any) -> Any:
    """The value, unless it is an array of NumPy's."""
    if isinstance(value, np.ndarray):
        found = Text("an array that NumPy made of a list or a number", "NumPy 由列表或数字得到的数组")
        raise WholeArrayOperation(expected=EXPECTED, found=found, hint=HINT)
    return value


def container(value: Any) -> Any:
    """The value, unless it is such an array, or a number, which with some indices becomes one."""
    if isinstance(value, np.generic):
        found = Text("an index of a number", "对数字取下标")
        raise WholeArrayOperation(expected=EXPECTED, found=found, hint=HINT)
    return no_array(value)


def _without_arrays(function: Any) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        for argument in arguments:
            no_array(argument)
        return function(*arguments, **options)

    return call


def _is_instance(value: Any, kinds: Any) -> bool:
    """``isinstance``, where ``list`` and its like are functions."""
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    return isinstance(value, tuple(_KINDS.get(kind, kind) for kind in kinds))


def _made(make: Callable[..., np.ndarray]) -> Callable[..., ScalarArray]:
    """The function that makes an array, seen element by element like those the caller gives."""
    return lambda shape, dtype="float64": ScalarArray(make(shape, _type_name(dtype)))


def _type_name(dtype: Any) -> str:
    named = next((n for n in TYPES if dtype is _NUMPY_SCALARS[n]), dtype)
    try:
        name = np.dtype(named).name
    except (TypeError, ValueError, SyntaxError):
        name = str(named)
    if name not in DTYPES:
        raise unusable(Text.code(f"dtype {name[:80]}"))
    return name


def ignored(*_values: Any, **_options: Any) -> None:
    """What ``print`` does here."""


_NUMPY_SCALARS = {name: _scalar_only(getattr(np, name), f"np.{name}") for name in (*TYPES, *SCALAR_FUNCTIONS)}
_NUMPY = {"arange": range, "zeros": _made(np.zeros), "ones": _made(np.ones), "empty": _made(np.empty), "ndindex": np.ndindex,
          "inf": np.inf, "nan": np.nan, **_NUMPY_SCALARS}  # fmt: skip
_MATH = {name: getattr(math, name) for name in ("exp", "fabs", "inf", "isnan", "nan", "sqrt")}
_ITERTOOLS = {"product": itertools.product}
_FUNCTOOLS = {"reduce": _without_arrays(functools.reduce)}
_OPERATOR = {name: _scalar_only(getattr(operator, name), f"operator.{name}") for name in ("add", "mul")}
MODULES = {
    "numpy": types.SimpleNamespace(**_NUMPY),
    "math": types.SimpleNamespace(**_MATH),
    "itertools": types.SimpleNamespace(**_ITERTOOLS),
    "functools": types.SimpleNamespace(**_FUNCTOOLS),
    "operator": types.SimpleNamespace(**_OPERATOR),
}
PLACES = {**MODULES, **{f"{m}.{name}": each for m, names in MODULES.items() for name, each in vars(names).items()}}
ALLOWED_ATTRIBUTES = ATTRIBUTES.union(*map(vars, MODULES.values()))
_READERS = (
    *("all", "any", "enumerate", "filter", "list", "map", "max", "min", "reversed", "sorted", "sum", "tuple", "zip"),
)
SAFE = {name: getattr(builtins, name) for name in BUILTINS}
SAFE |= {name: _without_arrays(SAFE[name]) for name in _READERS} | {"isinstance": _is_instance}
_KINDS = {SAFE[name]: kind for name in _READERS if isinstance(kind := getattr(builtins, name), type)}
