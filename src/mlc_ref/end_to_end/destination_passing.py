"""What ``R.call_tir`` and ``R.call_dps_packed`` mean, as Python functions.

A tensor program writes into memory its caller provides. A graph wants values. The bridge allocates
a result, passes it as the last argument, and returns it; seen from the graph it is a pure function.
"""

from collections.abc import Callable, Sequence

import numpy as np

from mlc_ref.kinds import invalid

Out = tuple[tuple[int, ...], str]


def call_tir(function: Callable[..., None], inputs: Sequence[np.ndarray], out: Out) -> np.ndarray:
    """The value of ``R.call_tir(function, inputs, out_ty=R.Tensor(*out))``.

    Args:
        function: writes its result into its last argument.
        inputs: arrays it reads.
        out: ``(shape, dtype)`` of the result.

    Returns:
        A new array; ``inputs`` are as they were.
    """
    shape, dtype = out
    result = np.empty(shape, dtype)
    function(*inputs, result)
    return result


def call_tir_tuple(
    function: Callable[..., None], inputs: Sequence[np.ndarray], outs: Sequence[Out]
) -> tuple[np.ndarray, ...]:
    """``R.call_tir`` with a list of output types: ``function`` takes every result after the inputs."""
    results = tuple(np.empty(shape, dtype) for shape, dtype in outs)
    function(*inputs, *results)
    return results


def call_dps_packed(name: str, inputs: Sequence[np.ndarray], out: Out) -> np.ndarray:
    """The value of ``R.call_dps_packed(name, inputs, out_ty=R.Tensor(*out))``.

    The function is found by name among those registered with TVM.

    Raises:
        ValueError: no function of that name is registered.
    """
    import tvm

    function = tvm.get_global_func(name, allow_missing=True)
    if function is None:
        raise invalid(
            f"name: got {name!r}, which is not registered with TVM", f"name：得到 {name!r}，TVM 中没有注册过它"
        )

    shape, dtype = out
    result = tvm.runtime.empty(shape, dtype)
    function(*map(tvm.runtime.tensor, inputs), result)
    return result.numpy()
