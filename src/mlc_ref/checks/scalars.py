"""Arrays that can only be read and written element by element, for exercises that ask for explicit loops."""

from numbers import Integral
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

_EXPECTED = Text(
    "one element at a time, such as x[i, k] or y[i, j] = value", "逐个元素访问，例如 x[i, k] 或 y[i, j] = value"
)
HINT = Text(
    "Write loops over range(x.shape[0]) and so on; NumPy functions, operators and slices on whole arrays are not allowed.",
    "请用 range(x.shape[0]) 等写出循环；不允许对整个数组使用 NumPy 函数、运算符或切片。",
)
ROWS = Text(
    "x[i][k] takes the whole row x[i] first; x[i, k] is one element. The length of a row is x.shape[1].",
    "x[i][k] 先取出整行 x[i]；x[i, k] 才是一个元素。一行的长度是 x.shape[1]。",
)


class WholeArrayOperation(CheckFailure):
    """An answer that has to go element by element used an operation on a whole array."""


def _refuse(what: str) -> NoReturn:
    raise WholeArrayOperation(
        expected=_EXPECTED, found=Text(f"{what} on a whole array", f"对整个数组使用 {what}"), hint=HINT
    )


class ScalarArray(NDArrayOperatorsMixin):
    """A view of a NumPy array that gives and takes single elements and refuses everything else.

    Allowed: ``shape``, ``dtype``, ``ndim``, ``size``, ``len``, integer indices (``x[i, k]``) to read, and to
    write a number. Refused with ``WholeArrayOperation``: rows (``x[i]``, and so ``x[i][k]``), operators, NumPy
    functions, slices, iteration over the array, and every other attribute of an array.

    It shows how a program computes; it is no lock: elements may still be copied into an array of
    the program's own, which takes the loops it was meant to save.

    Args:
        array: the array to look into; writes go through to it.
    """

    def __init__(self, array: np.ndarray):
        self._array = array
        self.shape, self.dtype, self.ndim, self.size = array.shape, array.dtype, array.ndim, array.size

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, index: Any) -> Any:
        place = self._integers(index)
        if len(place) < self.ndim:
            counts = f"{len(place)}/{self.ndim}"
            found = Text(f"a row ({counts} indices) on a whole array", f"取出整行（下标 {counts} 个）")
            raise WholeArrayOperation(expected=_EXPECTED, found=found, hint=ROWS)
        return self._array[place]

    def __setitem__(self, index: Any, value: Any) -> None:
        place = self._integers(index)
        if len(place) != self.ndim:
            _refuse(f"assignment with {len(place)} of {self.ndim} indices")
        if isinstance(value, ScalarArray) or np.ndim(value) != 0:
            _refuse(f"assignment of a {type(value).__name__}")
        self._array[place] = value

    def _integers(self, index: Any) -> tuple[Any, ...]:
        place = index if isinstance(index, tuple) else (index,)
        for i in place:
            if isinstance(i, bool) or not isinstance(i, Integral):
                _refuse(f"an index of type {type(i).__name__}")
        return place

    def __iter__(self) -> NoReturn:
        _refuse("iteration")

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse("conversion to an array")

    def __array_ufunc__(self, ufunc: Any, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(f"np.{ufunc.__name__}")

    def __array_function__(self, function: Any, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(f"np.{function.__name__}")

    def __getattr__(self, name: str) -> NoReturn:
        # Copying and inspection look for special names and rely on AttributeError.
        if name.startswith("_") or not hasattr(np.ndarray, name):
            raise AttributeError(f"ScalarArray has no attribute {name!r}")
        _refuse(f".{name}")


def scalar_views(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with every NumPy array replaced by a ``ScalarArray`` that looks into it."""
    return tuple(ScalarArray(value) if isinstance(value, np.ndarray) else value for value in arguments)
