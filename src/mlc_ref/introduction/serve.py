"""A deployed program: run the compiled function with NumPy and the small runtime, and nothing else.

``python serve.py LIBRARY ARRAYS``: LIBRARY holds the function ``linear_relu``; ARRAYS is an ``.npz``
with x (n, k), w (k, m), b (m,), all float32. Writes the result to ``ARRAYS.result.npy`` and prints
which of the large packages this process has loaded. It imports neither TVM's compiler nor PyTorch.
"""

import sys

import numpy as np

ALIGNMENT = 64  # bytes; compiled functions take for granted that tensors begin at such addresses


def aligned(shape: tuple[int, ...], dtype: str = "float32") -> np.ndarray:
    """An uninitialized row-major array whose first element lies at a multiple of ``ALIGNMENT``."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.empty(size + ALIGNMENT, dtype="uint8")
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(shape)


def main(library: str, arrays: str) -> None:
    """Load the function, call it in destination-passing style, save what it wrote."""
    import tvm_ffi

    function = tvm_ffi.load_module(library)["linear_relu"]
    tensors = []
    with np.load(arrays) as data:
        for name in ("x", "w", "b"):
            tensors.append(aligned(data[name].shape))
            tensors[-1][...] = data[name]
    x, _, b = tensors
    y = aligned((len(x), len(b)))
    function(*(tvm_ffi.from_dlpack(value, require_alignment=ALIGNMENT) for value in [*tensors, y]))
    np.save(f"{arrays}.result.npy", y)
    print({name: sys.modules.get(name) is not None for name in ("torch", "tvm", "tvm_ffi")})


if __name__ == "__main__":
    # The runtime uses PyTorch where it finds it; the machine this program stands for has none.
    sys.modules["torch"] = None  # type: ignore[assignment]
    main(sys.argv[1], sys.argv[2])
