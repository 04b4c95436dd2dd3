"""Library functions that a Relax module calls by name with ``R.call_dps_packed`` or ``R.call_packed``.

A library function receives TVM tensors. ``numpy.from_dlpack`` looks at the same memory, so writing
into the view writes into the destination.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tvm.runtime import Tensor

RECORDED: list[np.ndarray] = []


def linear(x: "Tensor", w: "Tensor", b: "Tensor", y: "Tensor") -> None:
    """Write ``x @ w.T + b`` into ``y`` with NumPy's matrix product.

    TVM tensors, float32: ``(n, k)``, ``(m, k)``, ``(m,)`` and the destination ``(n, m)``.
    """
    out = np.from_dlpack(y)
    np.matmul(np.from_dlpack(x), np.from_dlpack(w).T, out=out)
    np.add(out, np.from_dlpack(b), out=out)


def scaled_linear(x: "Tensor", w: "Tensor", b: "Tensor", y: "Tensor", *, scale: float) -> None:
    """Write ``scale * (x @ w.T + b)`` into ``y``; shapes as in ``linear``. Its result tells it from others."""
    linear(x, w, b, y)
    out = np.from_dlpack(y)
    np.multiply(out, scale, out=out)


_CALLS: dict[int, int] = {}


def numbered_linear(x: "Tensor", w: "Tensor", b: "Tensor", y: "Tensor", *, scale: float, run: int) -> None:
    """As ``scaled_linear``, but the second call of a run writes twice as much, the third three times.

    Args:
        run: a number for each run; the next number begins anew.
    """
    if run not in _CALLS:
        _CALLS.clear()
    _CALLS[run] = _CALLS.get(run, 0) + 1
    scaled_linear(x, w, b, y, scale=scale * _CALLS[run])


def relu(x: "Tensor", y: "Tensor") -> None:
    """Write ``max(x, 0)`` into ``y``; TVM tensors of one shape, float32."""
    np.maximum(np.from_dlpack(x), 0, out=np.from_dlpack(y))


def record(x: "Tensor") -> None:
    """Append a copy of the tensor ``x`` to ``RECORDED``: a side effect to observe."""
    RECORDED.append(x.numpy())


LIBRARY = {"mlc_ref.linear": linear, "mlc_ref.relu": relu, "mlc_ref.record": record}


def register_libraries() -> None:
    """Make the functions of ``LIBRARY`` known to TVM under their names.

    A virtual machine looks names up when it is created, so register first; a name it cannot find
    stops it with an error.
    """
    import tvm

    for name, function in LIBRARY.items():
        tvm.register_global_func(name, function, override=True)
