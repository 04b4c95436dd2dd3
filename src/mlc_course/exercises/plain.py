"""Plain data: the only thing that passes between an answer and whoever judges it.

The dicts of ``collections`` become plain dicts, NumPy's text becomes text.

Judges may also hand a program functions of ``mlc_ref`` (or ``functools.partial`` of one): they travel by name.

Plain are ``None``, ``bool``, ``int``, ``float``, ``str``, NumPy arrays and scalars of numbers, TVM modules
(``IRModule``, and functions, which are wrapped into one), and lists, tuples and string-keyed dicts of these.
Other subclasses are not plain: an object that overrides ``==`` must not reach a comparison.
"""

import functools
import importlib
import math
import types
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.language import Text, TextError

if TYPE_CHECKING:
    import tvm

MAX_DEPTH = 32
ARRAY_KINDS = "biufc"
_DICTS = (dict, defaultdict, Counter, OrderedDict)
_TEXTS = (str, np.str_)


class NotPlain(TextError, TypeError):
    """A value holds something that is not plain data; the message names its type and place."""


def _refused(place: str, kind: str, allowed: Text) -> NotPlain:
    return NotPlain(Text(f"{place}: got {kind}, allowed {allowed.en}", f"{place}：得到 {kind}，允许的是{allowed.zh}"))


_JSON = Text("numbers, text, lists and dicts", "数字、文本、列表与字典")
_PLAIN = Text("numbers, text, NumPy arrays, IRModules, lists and dicts", "数字、文本、NumPy 数组、IRModule、列表与字典")


def plain_copy(value: Any, *, place: str = "value") -> Any:
    """A copy of plain data that shares no memory with ``value``; a single TVM function becomes a module with ``main``.

    Raises:
        NotPlain: with the type found and where.
    """
    return transform(value, array=np.array, module=_wrapped, place=place)


def plain_json(value: Any, *, place: str = "value") -> Any:
    """What JSON would make of a value answer: tuples become lists, NumPy scalars Python numbers.

    Raises:
        NotPlain: it holds an array, a module or anything else that is not text, number, list or dict.
    """

    def refuse(found: Any) -> Any:
        raise _refused(place, type(found).__name__, _JSON)

    return _json_values(transform(value, array=refuse, module=refuse, place=place), place)


def transform(
    value: Any,
    *,
    array: Callable[[np.ndarray], Any],
    module: Callable[[Any], Any],
    place: str = "value",
    depth: int = 0,
) -> Any:
    """Rebuild plain data with ``array`` applied to arrays and ``module`` to modules."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is np.str_:
        return str(value)
    if isinstance(value, np.generic) and value.dtype.kind in ARRAY_KINDS:
        return value.item()
    if kind is np.ndarray and value.dtype.kind in ARRAY_KINDS:
        return array(value)
    if depth >= MAX_DEPTH:
        raise NotPlain(Text(f"{place}: nested deeper than {MAX_DEPTH} levels", f"{place}：嵌套超过 {MAX_DEPTH} 层"))
    nested: dict[str, Any] = {"array": array, "module": module, "depth": depth + 1}
    if kind in (list, tuple):
        return kind(transform(v, place=f"{place}[{i}]", **nested) for i, v in enumerate(value))
    if is_dict(value) and all(type(key) in _TEXTS for key in value):
        return {str(k): transform(v, place=f"{place}[{str(k)!r}]", **nested) for k, v in value.items()}
    if _is_module(value):
        return module(value)
    raise _refused(place, kind.__name__, _PLAIN)


def is_dict(value: Any) -> bool:
    """Whether a value is a dict, of Python's own or of ``collections``, and no other subclass."""
    return any(type(value) is each for each in _DICTS)


def input_copy(value: Any, *, place: str = "input") -> Any:
    """A copy of one input of a program: plain data, or a function of ``mlc_ref``, which stays as it is."""
    return value if reference_name(value) else plain_copy(value, place=place)


def reference_name(value: Any) -> str | None:
    """``module:name`` of a public function or class of ``mlc_ref``, or of the one a ``partial`` wraps."""
    value = value.func if type(value) is functools.partial else value
    if not isinstance(value, types.FunctionType | type) or not value.__module__.startswith("mlc_ref."):
        return None
    name = f"{value.__module__}:{value.__qualname__}"
    return name if resolve_reference(name) is value else None


def resolve_reference(name: str) -> Any:
    """The function or class of ``mlc_ref`` called ``module:name``."""
    module, _, attribute = name.partition(":")
    if not module.startswith("mlc_ref."):
        raise ValueError(f"reference: got {name!r}, allowed a name in mlc_ref")
    return getattr(importlib.import_module(module), attribute, None)


def module_of(value: Any, entry: str) -> "tvm.IRModule | None":
    """An ``IRModule`` as it is; a single function as a module in which it is called ``entry``; ``None`` for all else."""
    import tvm

    if isinstance(value, tvm.IRModule):
        return value
    if isinstance(value, tvm.ir.BaseFunc):
        return tvm.IRModule({entry: value.with_attr("global_symbol", entry)})
    return None


def _wrapped(module: Any) -> Any:
    return module_of(module, "main")


def _is_module(value: Any) -> bool:
    if not type(value).__module__.startswith("tvm."):
        return False
    import tvm

    return isinstance(value, tvm.IRModule | tvm.ir.BaseFunc)


def _json_values(value: Any, place: str) -> Any:
    if isinstance(value, list | tuple):
        return [_json_values(v, place) for v in value]
    if isinstance(value, dict):
        return {k: _json_values(v, place) for k, v in value.items()}
    # A comparison with NaN is always false, which would pass many a check.
    if isinstance(value, float) and not math.isfinite(value):
        raise _refused(place, str(value), Text("finite numbers", "有限的数"))
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        bits = value.bit_length()
        raise NotPlain(
            Text(
                f"{place}: got an integer of {bits} bits, allowed at most 64",
                f"{place}：得到 {bits} 位的整数，最多 64 位",
            )
        )
    return value
