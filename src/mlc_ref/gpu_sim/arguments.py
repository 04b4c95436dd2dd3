"""What a function is called with: arrays for its buffers, numbers for its scalars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.elements import Element, element_of
from mlc_ref.gpu_sim.errors import Unsupported
from mlc_ref.kinds import invalid
from mlc_ref.language import Text

Output = tuple[tuple[int, ...], str] | np.ndarray


@dataclass(eq=False)
class Storage:
    """Global memory between kernels: the elements, and which of them have been written (``None``: all)."""

    name: str
    data: np.ndarray
    defined: np.ndarray | None


def arguments(func: Any, inputs: Sequence[Any], outputs: Sequence[Output]) -> list[Any]:
    """Storage for each buffer parameter and the number for each scalar.

    Raises:
        ValueError: too many or too few, or a number that is none of the parameter's type.
    """
    buffers = [p for p in func.params if hasattr(p.ty, "shape")]
    fresh = set(buffers[len(buffers) - len(outputs) :])
    given, made = list(inputs), list(outputs)
    expected = len(func.params) - len(fresh)
    if len(given) != expected or len(fresh) != len(made):
        raise invalid(
            f"inputs: got {len(given)}, the function takes {expected} besides {len(made)} outputs",
            f"inputs：得到 {len(given)} 个，除 {len(made)} 个输出之外，函数要 {expected} 个",
        )
    found: list[Any] = []
    for parameter in func.params:
        if parameter in fresh:
            found.append(_output(parameter.name, made.pop(0)))
        elif hasattr(parameter.ty, "shape"):
            found.append(Storage(parameter.name, np.array(given.pop(0), order="C"), None))
        else:
            found.append(number(parameter.name, parameter_element(parameter), given.pop(0)))
    return found


def _output(name: str, output: Output) -> Storage:
    """An output that starts undefined, or one that starts as the array given for it."""
    if isinstance(output, np.ndarray):
        return Storage(name, np.array(output, order="C"), None)
    shape, dtype = output
    element = element_of(dtype)
    array = np.zeros(shape, element.dtype if element else dtype)
    return Storage(name, array, np.zeros(array.size, bool))


def parameter_element(parameter: Any) -> Element:
    """The element type of a parameter.

    Raises:
        Unsupported: one the simulator does not know.
    """
    element = element_of(parameter.ty)
    if element is None:
        name, dtype = parameter.name, getattr(parameter.ty, "dtype", parameter.ty)
        raise Unsupported(Text(f"argument {name}: type {dtype} is not supported", f"参数 {name}：不支持类型 {dtype}"))
    return element


def number(name: str, element: Element, value: Any) -> Any:
    """A scalar argument as a number of its parameter's type; integers are Python's.

    Raises:
        ValueError: no number, or one that the type does not have.
    """
    dtype = element.dtype
    try:
        array = np.asarray(value)
        fits = array.ndim == 0 and array.dtype.kind in "biufV" and element.width == 1
        converted = array.astype(dtype)
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits or (not element.is_float and converted != value):
        raise invalid(
            f"argument {name}: got {value!r}, the function takes one number of type {dtype}",
            f"参数 {name}：得到 {value!r}，函数要一个 {dtype} 类型的数",
        )
    return dtype.type(converted[()]) if element.is_float else converted.item()
