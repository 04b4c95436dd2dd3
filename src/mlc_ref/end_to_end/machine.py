"""The virtual machine with one check more: over a NumPy array TVM's own ends the process, and with it a notebook's kernel."""

from collections.abc import Callable
from typing import Any

import numpy as np
from tvm import relax

from mlc_ref.language import Text, for_print

_ARRAY = Text(
    "{function}: argument {number} (counted from 0): got a NumPy array, allowed a tensor; tvm.runtime.tensor(array) makes one",
    "{function}：第 {number} 个参数（从 0 数起）：得到 NumPy 数组，允许的是张量；用 tvm.runtime.tensor(array) 得到",
)


class VirtualMachine(relax.VirtualMachine):
    """``relax.VirtualMachine`` whose functions refuse NumPy arrays, also inside tuples."""

    def __getitem__(self, key: str) -> Callable[..., Any]:
        """The function ``key`` of the executable.

        Raises:
            TypeError: when it is called with a NumPy array; says which argument, and what makes a tensor of it.
        """
        function = super().__getitem__(key)

        def call(*arguments: Any) -> Any:
            for number, argument in enumerate(arguments):
                if _holds_array(argument):
                    raise TypeError(for_print(_ARRAY.format(function=key, number=number)))
            return function(*arguments)

        return call


def _holds_array(value: Any) -> bool:
    if type(value) in (tuple, list):
        return any(map(_holds_array, value))
    return isinstance(value, np.ndarray)
