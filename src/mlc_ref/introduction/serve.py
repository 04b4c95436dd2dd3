"""A deployed program: run the compiled function with NumPy and the small runtime, and nothing else.

``python serve.py LIBRARY ARRAYS``: LIBRARY holds the function ``linear_relu``; ARRAYS is an ``.npz``
with x (n, k), w (k, m), b (m,), all float32. Writes the result to ``ARRAYS.result.npy`` and prints
which of the large packages this process has loaded. It imports neither TVM's compiler nor PyTorch.
"""

import sys

import numpy as np

ALIGNMENT = 64  # bytes


def aligned(values: np.ndarray) -> np.ndarray:
    """A row-major copy whose first element lies at an address divisible by ``ALIGNMENT``."""
    raw = np.empty(values.nbytes + ALIGNMENT, dtype="uint8")
    start = -raw.ctypes.data % ALIGNMENT
    copy = raw[start : start + values.nbytes].view(values.dtype).reshape(values.shape)
    copy[...] = values
    return copy


def main(library: str, arrays: str) -> None:
    """Load the function, call it in destination-passing style, save what it wrote."""
    import tvm_ffi

    function = tvm_ffi.load_module(library)["linear_relu"]
    with np.load(arrays) as data:
        x, w, b = aligned(data["x"]), aligned(data["w"]), aligned(data["b"])
    y = aligned(np.zeros((len(x), len(b)), dtype="float32"))
    function(*[tvm_ffi.from_dlpack(each, require_alignment=ALIGNMENT) for each in (x, w, b, y)])
    np.save(f"{arrays}.result.npy", y)
    print({name: sys.modules.get(name) is not None for name in ("torch", "tvm", "tvm_ffi")})


if __name__ == "__main__":
    # The runtime uses PyTorch where it finds it; the machine this program stands for has none.
    sys.modules["torch"] = None  # type: ignore[assignment]
    main(sys.argv[1], sys.argv[2])
